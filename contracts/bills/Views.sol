// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Cold} from "../access/Cold.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {IInvoiceRegistry} from "../trade/IInvoiceRegistry.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBills} from "./IBills.sol";
import {IBillsCold} from "./IBillsCold.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, newParcelId, ParcelId} from "./ParcelId.sol";
import {Terms} from "./Terms.sol";

/**
 * @title Views
 * @notice What people and services read of bills. What contracts ask in the midst of an act is answered by {Bills} itself.
 */
abstract contract Views is IBillsCold, IInvoiceRegistry, BillsStorage, Cold {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;

    /// @inheritdoc IBillsCold
    function terms(BillNo billNo) external view cold returns (Terms) {
        return _terms[billNo];
    }

    /// @inheritdoc IBillsCold
    function trail(BillNo billNo) external view cold returns (bytes32) {
        return _trails[billNo];
    }

    /// @inheritdoc IBillsCold
    function paid(BillNo billNo) external view cold returns (uint56 paidIn, uint56 paidOut) {
        return (_paid[billNo].paidIn, _paid[billNo].paidOut);
    }

    /// @inheritdoc IBillsCold
    function parcel(ParcelId id) external view cold returns (Parcel) {
        return _parcel(id);
    }

    /// @inheritdoc IBillsCold
    function parcelsFrom(
        BillNo billNo,
        uint56 first,
        uint256 limit
    ) external view cold returns (ParcelView[] memory views) {
        uint56 face = _terms[billNo].face();
        uint256 count;
        for (uint56 cent = first; cent < face && count < limit; ++count) {
            cent = _mustExist(newParcelId(billNo, cent)).end();
        }
        views = new ParcelView[](count);
        for (uint256 n = 0; n < count; ++n) {
            ParcelId id = newParcelId(billNo, first);
            Parcel p = _parcel(id);
            views[n] = ParcelView({
                id: id,
                first: first,
                end: p.end(),
                holder: p.holder(),
                offeredTo: p.offeredTo(),
                pledgee: p.pledgee(),
                paidUpTo: p.paidUpTo(),
                offerUntil: p.offerUntil(),
                flags: p.flags()
            });
            first = p.end();
        }
    }

    /// @inheritdoc IBillsCold
    function ledgerHash(BillNo billNo, uint56 from, uint56 to) external view cold returns (bytes32 hash) {
        Terms t = _terms[billNo];
        hash = keccak256(abi.encode(t, _trails[billNo], _paid[billNo].paidIn, _paid[billNo].paidOut));
        for (uint56 cent = from; cent < to && cent < t.face();) {
            Parcel p = _mustExist(newParcelId(billNo, cent));
            hash = keccak256(abi.encode(hash, cent, p));
            cent = p.end();
        }
    }

    /// @inheritdoc IBillsCold
    function isNamed(BillNo billNo, uint32 member) external view cold returns (bool) {
        return _named[billNo].get(member);
    }

    /// @inheritdoc IBillsCold
    function isDesk(ISaleDesk desk) external view cold returns (bool) {
        return _desks[desk];
    }

    /// @inheritdoc IBillsCold
    function isDeskAllowed(uint32 bank, ISaleDesk desk) external view cold returns (bool) {
        return _allowedDesks[bank][desk];
    }

    /// @inheritdoc IBillsCold
    function ownerOf(uint256 parcelId) external view cold returns (address) {
        return _known(_mustExist(ParcelId.wrap(parcelId.toUint128())).holder()).account();
    }

    /// @inheritdoc IBillsCold
    function tokenURI(uint256 parcelId) external view cold returns (string memory) {
        ParcelId id = ParcelId.wrap(parcelId.toUint128());
        _mustExist(id);
        return _ribbon.tokenURI(IBills(address(this)), id);
    }

    /// @inheritdoc IInvoiceRegistry
    function usage(uint32 payee, bytes32 invoiceId) external view cold returns (uint56 total, uint56 used) {
        Usage memory book = _usages[payee][invoiceId];
        return (book.total, book.used);
    }

    /// @inheritdoc IBillsCold
    /// @dev Not `cold`: {Bills} asks for it while it is made, so that both halves trust the same.
    function parts() external view returns (Parts memory) {
        return Parts(authority(), _rulebook, _lines, _cash, address(_ribbon), _currency);
    }

    function _parcel(ParcelId id) private view returns (Parcel) {
        return _load(id, _terms[id.bill()]);
    }

    function _mustExist(ParcelId id) private view returns (Parcel p) {
        p = _parcel(id);
        require(p.exists(), BillsNoSuchParcel(id));
    }
}

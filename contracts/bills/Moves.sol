// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";
import {NAMED_MEMBERS_ONLY, Terms} from "./Terms.sol";

/**
 * @title Moves
 * @notice What offering and selling share: whether a parcel may move, and where a part of it begins.
 */
abstract contract Moves is BillsStorage {
    using BitMaps for BitMaps.BitMap;

    uint56 private constant WHOLE = type(uint56).max;

    function _requireMovable(ParcelId id, Terms t, Parcel p, uint32 to, uint16 restriction) internal view {
        BillNo billNo = id.bill();
        require(t.isActive(), BillsNotActive(billNo));
        require(!_isMatured(t), BillsMatured(billNo));
        require(!p.isLocked(), BillsParcelLocked(id));
        require(
            !t.has(restriction) && (!t.has(NAMED_MEMBERS_ONLY) || to == t.payee() || _named[billNo].get(to)),
            BillsRestricted(billNo)
        );
    }

    /// @dev Where `amount` from the right end of the parcel begins.
    function _cutPoint(ParcelId id, Parcel p, uint56 amount) internal pure returns (uint56) {
        uint56 length = p.end() - id.first();
        if (amount == WHOLE || amount == length) return id.first();
        require(amount != 0, BillsInvalidAmount());
        require(amount < length, BillsAmountExceedsParcel(id, amount, length));
        return p.end() - amount;
    }
}

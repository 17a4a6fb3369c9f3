// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Cold} from "../access/Cold.sol";
import {Acts} from "./Acts.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBillsCold} from "./IBillsCold.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";
import {Terms} from "./Terms.sol";

/**
 * @title OfferTimes
 * @notice A holder gives the receiver of an offer more time.
 */
abstract contract OfferTimes is IBillsCold, BillsStorage, Cold {
    using Acts for bytes;

    /// @inheritdoc IBillsCold
    function extend(ParcelId id, uint32 to, uint56 end, uint40 until) external cold nonReentrantView {
        uint32 caller = _actor(msg.sender).number();
        BillNo billNo = id.bill();
        Terms t = _terms[billNo];
        Parcel p = _load(id, t);
        require(p.holder() == caller, BillsNotHolder(id, caller));
        require(p.offeredTo() != 0, BillsNotOffered(id, caller));
        require(p.offeredTo() == to && p.end() == end, BillsOfferChanged(id));
        require(until == 0 || block.timestamp < until, BillsOfferExpired(id, until));
        require(t.isActive(), BillsNotActive(billNo));
        require(!_isMatured(t), BillsMatured(billNo));
        uint40 last = p.offerUntil();
        require(last != 0 && (until == 0 || last < until), BillsOfferStands(id));

        _parcels[id] = p.withOffer(to, until);
        _record(billNo, abi.encode(OfferExtended.selector, billNo, caller, to, id.first(), end, until))
            .log4();
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Member} from "../participants/Member.sol";
import {Acts} from "./Acts.sol";
import {Moves} from "./Moves.sol";
import {IBillsHot} from "./IBillsHot.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, newParcelId, ParcelId} from "./ParcelId.sol";
import {NOT_TO_BE_PASSED_ON, STATUS_ACTIVE, STATUS_OFFERED, Terms} from "./Terms.sol";

/**
 * @title Offers
 * @notice A holder offers a parcel or a part of it. The receiver takes or refuses it, the holder withdraws it, its time ends it. A
 * receiver that has given a standing acceptance holds it at once. An issue is signed for here too: it is an offer of the whole bill.
 */
abstract contract Offers is IBillsHot, Moves {
    using Acts for bytes;

    /// @inheritdoc IBillsHot
    function offer(
        ParcelId id,
        uint56 amount,
        uint32 to,
        uint40 until
    ) external nonReentrantView returns (ParcelId) {
        (Member by, Member receiver) = _pair(msg.sender, to);
        require(by.number() != to, BillsToOneself(to));
        BillNo billNo = id.bill();
        Terms t = _terms[billNo];
        Parcel p = _load(id, t);
        require(p.holder() == by.number(), BillsNotHolder(id, by.number()));
        require(until == 0 || block.timestamp < until, BillsOfferExpired(id, until));
        _requireMovable(id, t, p, to, NOT_TO_BE_PASSED_ON | _barred(receiver));
        uint56 first = _cutPoint(id, p, amount);

        ParcelId offered = newParcelId(billNo, first);
        if (first != id.first()) _parcels[id] = p.withEnd(first);
        if (_takesUnasked(receiver, by.number(), t.acceptor(), p.end() - first)) {
            _record(
                billNo,
                abi.encode(ParcelPassedOn.selector, billNo, by.number(), to, id.first(), first, p.end())
            ).log4();
            _hand(offered, t, p, receiver);
        } else {
            _parcels[offered] = p.withOffer(to, until);
            _record(
                billNo,
                abi.encode(ParcelOffered.selector, billNo, by.number(), to, id.first(), first, p.end(), until)
            ).log4();
        }
        return offered;
    }

    /// @inheritdoc IBillsHot
    function take(ParcelId id, uint32 from, uint56 end) external nonReentrantView {
        (Member by, ) = _pair(msg.sender, from);
        uint32 caller = by.number();
        BillNo billNo = id.bill();
        Terms t = _terms[billNo];
        Parcel p = _load(id, t);
        require(p.offeredTo() == caller, BillsNotOffered(id, caller));
        require(p.holder() == from && p.end() == end, BillsOfferChanged(id));
        require(!_isOver(p), BillsOfferExpired(id, p.offerUntil()));
        require(!_isMatured(t), BillsMatured(billNo));

        if (t.status() == STATUS_OFFERED) {
            _terms[billNo] = t.withStatus(STATUS_ACTIVE);
            _record(billNo, abi.encode(BillTaken.selector, billNo, caller)).log3();
        } else {
            // It may have become a bank since it was offered this.
            require(!t.has(_barred(by)), BillsRestricted(billNo));
            _record(billNo, abi.encode(ParcelTaken.selector, billNo, from, caller, id.first(), end)).log4();
        }
        _hand(id, t, p, by);
    }

    /// @inheritdoc IBillsHot
    function refuse(ParcelId id, uint32 from, uint56 end) external nonReentrantView {
        uint32 caller = _actor(msg.sender).number();
        Parcel p = _parcels[id];
        require(p.offeredTo() == caller, BillsNotOffered(id, caller));
        require(p.holder() == from && p.end() == end, BillsOfferChanged(id));
        _endOffer(id, p, OfferRefused.selector);
    }

    /// @inheritdoc IBillsHot
    function withdraw(ParcelId id, uint32 to, uint56 end) external nonReentrantView {
        uint32 caller = _actor(msg.sender).number();
        Parcel p = _parcels[id];
        require(p.holder() == caller, BillsNotHolder(id, caller));
        require(p.offeredTo() != 0, BillsNotOffered(id, caller));
        require(p.offeredTo() == to && p.end() == end, BillsOfferChanged(id));
        _endOffer(id, p, OfferWithdrawn.selector);
    }

    /// @inheritdoc IBillsHot
    function expire(ParcelId id, uint32 from, uint32 to, uint56 end) external nonReentrantView {
        Parcel p = _parcels[id];
        require(p.offeredTo() != 0, BillsNotOffered(id, 0));
        require(p.holder() == from && p.offeredTo() == to && p.end() == end, BillsOfferChanged(id));
        require(_isOver(p), BillsOfferStands(id));
        _endOffer(id, p, OfferExpired.selector);
    }

    function _isOver(Parcel p) private view returns (bool) {
        return p.offerUntil() != 0 && block.timestamp >= p.offerUntil();
    }

    function _endOffer(ParcelId id, Parcel p, bytes32 act) private {
        _parcels[id] = p.withOffer(0, 0);
        BillNo billNo = id.bill();
        _record(billNo, abi.encode(act, billNo, p.holder(), p.offeredTo(), id.first(), p.end())).log4();
    }
}

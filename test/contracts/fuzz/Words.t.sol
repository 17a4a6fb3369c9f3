// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {newParcel, Parcel} from "../../../contracts/bills/Parcel.sol";
import {BillNo, newBillNo, newParcelId, ParcelId} from "../../../contracts/bills/ParcelId.sol";
import {newTerms, STATUS_OFFERED, Terms} from "../../../contracts/bills/Terms.sol";
import {newParty, Party} from "../../../contracts/participants/Party.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

/// @notice Words that hold several values give each back, and change one without the others.
contract WordsTest is SolidityTest {
    function testAParcelHoldsItsValues(
        uint32 holder,
        uint32 offeredTo,
        uint56 end,
        uint56 paidUpTo,
        uint40 until,
        uint8 flags
    ) public pure {
        Parcel p = newParcel(holder, offeredTo, end, paidUpTo, until, flags);
        _requireParcel(p, holder, offeredTo, end, paidUpTo, until, flags);
        require(p.isFinanced() == (flags % 2 == 1), "financed");
        require(p.isLocked() == (offeredTo != 0 || (flags / 2) % 2 == 1), "locked");
        require(p.exists() == (uint256(holder) + offeredTo + end + paidUpTo + until + flags != 0), "exists");
    }

    function testAParcelChangesOneValueAlone(
        uint256 word,
        uint56 a,
        uint56 b,
        uint32 c,
        uint40 d,
        uint8 e
    ) public pure {
        Parcel p = Parcel.wrap(word);
        _requireParcel(p.withEnd(a), p.holder(), p.offeredTo(), a, p.paidUpTo(), p.offerUntil(), p.flags());
        _requireParcel(p.withPaidUpTo(b), p.holder(), p.offeredTo(), p.end(), b, p.offerUntil(), p.flags());
        _requireParcel(p.withOffer(c, d), p.holder(), c, p.end(), p.paidUpTo(), d, p.flags());
        require(p.withEnd(a).pledgee() == p.pledgee(), "the pledgee stays");
        require(p.withPaidUpTo(b).pledgee() == p.pledgee(), "the pledgee stays");
        require(p.withOffer(c, d).pledgee() == p.pledgee(), "the pledgee stays");
        _requireParcel(p.withHolder(c, e), c, 0, p.end(), p.paidUpTo(), 0, e);
        require(p.withHolder(c, e).pledgee() == 0, "a new holder has it free");
    }

    /// @dev What is pledged or held cannot be disposed of, whatever else is true of it.
    function testAPledgedOrHeldParcelIsLocked(uint256 word, uint32 pledgee) public pure {
        uint256 pledged = word | (uint256(bound(pledgee, 1, type(uint32).max)) << 160);
        require(Parcel.wrap(pledged).isLocked() && Parcel.wrap(word | 2).isLocked(), "locked");
    }

    function testTermsHoldTheirValues(
        uint32 acceptor,
        uint32 payee,
        uint40 due,
        uint56 face,
        uint8 kind,
        uint16 flags,
        uint16 pack,
        uint16 currency
    ) public pure {
        Terms t = newTerms(acceptor, payee, due, face, kind, flags, pack, currency);
        for (uint8 status = STATUS_OFFERED; status < 4; ++status) {
            t = t.withStatus(status);
            require(t.status() == status && t.isActive() == (status == 2), "status");
            require(t.acceptor() == acceptor && t.payee() == payee && t.guarantor() == 0, "parties");
            require(t.due() == due && t.face() == face && t.kind() == kind, "money and time");
            require(t.termFlags() == flags && t.rulePack() == pack && t.currency() == currency, "the rest");
            for (uint256 bit = 0; bit < 16; ++bit) {
                require(t.has(uint16(1 << bit)) == ((flags >> bit) % 2 == 1), "each flag");
            }
        }
    }

    function testIdsHoldTheirParts(uint32 acceptor, uint32 serial, uint56 first) public pure {
        BillNo no = newBillNo(acceptor, serial);
        require(BillNo.unwrap(no) == uint64(acceptor) * 2 ** 32 + serial, "number of a bill");
        ParcelId id = newParcelId(no, first);
        require(ParcelId.unwrap(id) == uint128(BillNo.unwrap(no)) * 2 ** 64 + first, "id of a parcel");
        require(BillNo.unwrap(id.bill()) == BillNo.unwrap(no) && id.first() == first, "its parts");
    }

    function testAPartyHoldsItsValues(
        address account,
        uint32 number,
        uint16 roles,
        bool standing
    ) public pure {
        Party p = newParty(account, number, roles, standing);
        require(p.account() == account && p.number() == number && p.standing() == standing, "who");
        for (uint256 bit = 0; bit < 16; ++bit) {
            require(p.hasRole(uint16(1 << bit)) == ((roles >> bit) % 2 == 1), "each role");
        }
    }

    function _requireParcel(
        Parcel p,
        uint32 holder,
        uint32 offeredTo,
        uint56 end,
        uint56 paidUpTo,
        uint40 until,
        uint8 flags
    ) private pure {
        require(p.holder() == holder && p.offeredTo() == offeredTo, "parties");
        require(p.end() == end && p.paidUpTo() == paidUpTo, "amounts");
        require(p.offerUntil() == until && p.flags() == flags, "offer and flags");
    }
}

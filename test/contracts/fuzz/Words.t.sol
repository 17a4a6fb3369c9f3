// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {newParcel, Parcel} from "../../../contracts/bills/Parcel.sol";
import {BillNo, newBillNo, newParcelId, ParcelId} from "../../../contracts/bills/ParcelId.sol";
import {newTerms, STATUS_OFFERED, Terms} from "../../../contracts/bills/Terms.sol";
import {Member, newMember} from "../../../contracts/participants/Member.sol";
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

    function testAMemberHoldsItsValues(
        address account,
        uint32 number,
        uint16 roles,
        uint40 expiry,
        bool suspended,
        bool standing
    ) public view {
        Member fresh = newMember(account, number, roles, expiry);
        _requireMember(fresh, account, number, roles, expiry, false, false);
        Member m = fresh.withSuspended(suspended).withStanding(standing, standing);
        _requireMember(m, account, number, roles, expiry, suspended, standing);
        require(m.isActive() == (!suspended && (expiry == 0 || block.timestamp < expiry)), "active");
        for (uint256 bit = 0; bit < 16; ++bit) {
            require(m.hasRole(uint16(1 << bit)) == ((roles >> bit) % 2 == 1), "each role");
        }
    }

    function testAMemberChangesOneValueAlone(
        uint256 word,
        address account,
        uint16 roles,
        uint40 expiry,
        bool yes
    ) public pure {
        Member m = Member.wrap(word);
        (address a, uint32 n, uint16 r, uint40 e) = (
            m.account(),
            m.number(),
            m.roles(),
            m.credentialExpiry()
        );
        (bool suspended, bool standing) = (m.isSuspended(), m.isStanding());
        _requireMember(m.withAccount(account), account, n, r, e, suspended, standing);
        _requireMember(m.withRoles(roles, expiry), a, n, roles, expiry, suspended, standing);
        _requireMember(m.withSuspended(yes), a, n, r, e, yes, standing);
        _requireMember(m.withStanding(yes, false), a, n, r, e, suspended, yes);
        require(m.withStanding(standing, yes).isLimited() == yes, "limited");
        _requireMember(m.withStanding(standing, yes), a, n, r, e, suspended, standing);
    }

    function _requireMember(
        Member m,
        address account,
        uint32 number,
        uint16 roles,
        uint40 expiry,
        bool suspended,
        bool standing
    ) private pure {
        require(m.account() == account && m.number() == number, "who");
        require(m.roles() == roles && m.credentialExpiry() == expiry, "as what, until when");
        require(m.isSuspended() == suspended && m.isStanding() == standing, "flags");
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

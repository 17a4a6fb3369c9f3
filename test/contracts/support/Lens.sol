// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBills} from "../../../contracts/bills/IBills.sol";
import {BillNo} from "../../../contracts/bills/ParcelId.sol";
import {Terms} from "../../../contracts/bills/Terms.sol";
import {IDepositToken} from "../../../contracts/cash/IDepositToken.sol";
import {ICreditLines} from "../../../contracts/finance/ICreditLines.sol";

/// @notice Reads in one call what a test compares after each act.
contract Lens {
    struct BillFacts {
        uint32 acceptor;
        uint32 payee;
        uint40 due;
        uint56 face;
        uint8 status;
        uint16 flags;
        uint56 paidIn;
        uint56 paidOut;
        IBills.ParcelView[] parcels;
    }

    struct MemberFacts {
        uint256 cash;
        bool suspended;
        bool standing;
        uint32[2] standingFor;
        uint56 least;
        uint40 until;
    }

    struct BookFacts {
        uint64 cap;
        uint64 issued;
        uint64 pending;
    }

    struct InvoiceFacts {
        uint56 total;
        uint56 used;
    }

    struct Facts {
        BillFacts[] bills;
        MemberFacts[] members;
        uint256 inBills;
        uint256 locked;
        uint256 supply;
        BookFacts[] books;
        ICreditLines.Line[] lines;
        ICreditLines.Line[] groupLines;
        InvoiceFacts[] invoices;
    }

    /// @notice Members are 1 to `members`; lines are those of each bank on each obligor, then on each group;
    /// invoices are asked for by each payee; `issuers` are the settlement banks.
    struct Question {
        BillNo[] bills;
        uint32 members;
        uint32[] banks;
        uint32[] obligors;
        uint32[] groups;
        bytes32[] invoices;
        uint32[] issuers;
    }

    IBills private immutable _bills;
    IDepositToken private immutable _cash;
    ICreditLines private immutable _lines;

    constructor(IBills bills_) {
        _bills = bills_;
        _cash = bills_.parts().cash;
        _lines = bills_.parts().lines;
    }

    function read(Question calldata q) external view returns (Facts memory f) {
        f.bills = new BillFacts[](q.bills.length);
        for (uint256 n = 0; n < q.bills.length; ++n) f.bills[n] = _bill(q.bills[n]);
        f.members = new MemberFacts[](q.members);
        for (uint32 n = 0; n < q.members; ++n) f.members[n] = _member(n + 1);
        f.inBills = _cash.balanceOf(address(_bills));
        (f.locked, f.supply) = (_cash.balanceOf(address(_cash)), _cash.totalSupply());
        f.books = new BookFacts[](q.issuers.length);
        for (uint256 n = 0; n < q.issuers.length; ++n) {
            BookFacts memory b = f.books[n];
            (b.cap, b.issued, b.pending) = _cash.book(q.issuers[n]);
        }
        f.lines = new ICreditLines.Line[](q.banks.length * q.obligors.length);
        f.groupLines = new ICreditLines.Line[](q.banks.length * q.groups.length);
        for (uint256 b = 0; b < q.banks.length; ++b) {
            for (uint256 n = 0; n < q.obligors.length; ++n) {
                f.lines[b * q.obligors.length + n] = _lines.line(q.banks[b], q.obligors[n]);
            }
            for (uint256 n = 0; n < q.groups.length; ++n) {
                f.groupLines[b * q.groups.length + n] = _lines.groupLine(q.banks[b], q.groups[n]);
            }
        }
        f.invoices = new InvoiceFacts[](q.members * q.invoices.length);
        for (uint32 m = 0; m < q.members; ++m) {
            for (uint256 n = 0; n < q.invoices.length; ++n) {
                InvoiceFacts memory i = f.invoices[m * q.invoices.length + n];
                (i.total, i.used) = _bills.usage(m + 1, q.invoices[n]);
            }
        }
    }

    function _bill(BillNo no) private view returns (BillFacts memory f) {
        Terms t = _bills.terms(no);
        (f.acceptor, f.payee, f.due, f.face) = (t.acceptor(), t.payee(), t.due(), t.face());
        (f.status, f.flags) = (t.status(), t.termFlags());
        (f.paidIn, f.paidOut) = _bills.paid(no);
        f.parcels = _bills.parcelsFrom(no, 0, type(uint256).max);
    }

    function _member(uint32 number) private view returns (MemberFacts memory f) {
        address account;
        (account, , f.suspended, f.standing, ) = _bills.member(number);
        (f.standingFor[0], f.standingFor[1], f.least, f.until) = _bills.standingLimits(number);
        f.cash = _cash.balanceOf(account);
    }
}

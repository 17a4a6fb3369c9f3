// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBills} from "../../../contracts/bills/IBills.sol";
import {BillNo} from "../../../contracts/bills/ParcelId.sol";
import {Terms} from "../../../contracts/bills/Terms.sol";
import {IDepositToken} from "../../../contracts/cash/IDepositToken.sol";
import {ICreditLines} from "../../../contracts/finance/ICreditLines.sol";

/// @dev The ledger, with the contracts that it names.
interface ILedger is IBills {
    function cash() external view returns (IDepositToken);
    function lines() external view returns (ICreditLines);
}

/// @notice Reads in one call what a test compares after each act.
contract Lens {
    struct BillFacts {
        uint32 acceptor;
        uint32 payee;
        uint40 due;
        uint56 face;
        uint8 status;
        uint16 flags;
        uint16 splitsLeft;
        uint56 paidIn;
        uint56 paidOut;
        IBills.ParcelView[] parcels;
    }

    struct MemberFacts {
        uint256 cash;
        bool suspended;
        bool standing;
    }

    struct InvoiceFacts {
        uint56 total;
        uint56 used;
    }

    struct Facts {
        BillFacts[] bills;
        MemberFacts[] members;
        uint256 inBills;
        ICreditLines.Line[] lines;
        ICreditLines.Line[] groupLines;
        InvoiceFacts[] invoices;
    }

    /// @notice Members are 1 to `members`; lines are those of each bank on each obligor, then on each group.
    struct Question {
        BillNo[] bills;
        uint32 members;
        uint32[] banks;
        uint32[] obligors;
        uint32[] groups;
        bytes32[] invoices;
    }

    ILedger private immutable _bills;
    IDepositToken private immutable _cash;
    ICreditLines private immutable _lines;

    constructor(ILedger bills_) {
        _bills = bills_;
        _cash = bills_.cash();
        _lines = bills_.lines();
    }

    function read(Question calldata q) external view returns (Facts memory f) {
        f.bills = new BillFacts[](q.bills.length);
        for (uint256 n = 0; n < q.bills.length; ++n) f.bills[n] = _bill(q.bills[n]);
        f.members = new MemberFacts[](q.members);
        for (uint32 n = 0; n < q.members; ++n) f.members[n] = _member(n + 1);
        f.inBills = _cash.balanceOf(address(_bills));
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
        f.invoices = new InvoiceFacts[](q.invoices.length);
        for (uint256 n = 0; n < q.invoices.length; ++n) {
            (f.invoices[n].total, f.invoices[n].used) = _bills.usage(q.invoices[n]);
        }
    }

    function _bill(BillNo no) private view returns (BillFacts memory f) {
        Terms t = _bills.terms(no);
        (f.acceptor, f.payee, f.due, f.face) = (t.acceptor(), t.payee(), t.due(), t.face());
        (f.status, f.flags) = (t.status(), t.termFlags());
        (, f.splitsLeft) = _bills.trail(no);
        (f.paidIn, f.paidOut) = _bills.paid(no);
        f.parcels = _bills.parcelsOf(no);
    }

    function _member(uint32 number) private view returns (MemberFacts memory f) {
        address account;
        (account, , f.suspended, f.standing, ) = _bills.member(number);
        f.cash = _cash.balanceOf(account);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBills} from "../../../contracts/bills/IBills.sol";
import {BillNo} from "../../../contracts/bills/ParcelId.sol";
import {IInvoiceRegistry} from "../../../contracts/trade/IInvoiceRegistry.sol";
import {BANK_1, BANK_2, CORE, CORE_2, MEMBERS, VM, World} from "../support/World.sol";

/**
 * @title Ghost
 * @notice What should be true of the network, kept by the tests beside the contracts and in another form: a bill is a row of
 * units of equally many cents, and each unit has its own holder.
 */
abstract contract Ghost {
    uint256 internal constant MAX_UNITS = 24;
    uint256 internal constant INVOICES = 5;
    uint56 internal constant INVOICE_TOTAL = 40 * 2 ** 40;
    uint8 internal constant OFFERED = 1;
    uint8 internal constant ACTIVE = 2;
    uint8 internal constant CANCELLED = 3;

    struct Unit {
        uint32 holder;
        uint32 offeredTo;
        uint40 until;
        bool financed;
    }

    struct Bill {
        BillNo no;
        uint32 acceptor;
        uint40 due;
        uint56 unit;
        uint56 face;
        uint8 status;
        uint16 restrictions;
        uint32 payee;
        uint56 paidIn;
        uint56 paidOut;
        bytes32 invoice;
        uint56 backed;
    }

    struct Line {
        uint64 limit;
        uint64 reserved;
        /// What was ever taken of it or could have been: use and reservations stay within.
        uint64 ceiling;
        bool grouped;
    }

    struct Limits {
        uint32 acceptor;
        uint32 counterparty;
        uint56 least;
        uint40 until;
    }

    struct Redemption {
        uint32 bank;
        uint32 member;
        uint64 amount;
    }

    struct Fill {
        uint256 amount;
        bool cancelled;
    }

    World internal w;
    Bill[] internal bills;
    mapping(uint256 bill => Unit[MAX_UNITS]) internal units;
    mapping(uint32 member => uint256) internal cashOf;
    mapping(uint32 member => bool) internal suspended;
    mapping(uint32 member => bool) internal standing;
    mapping(uint32 member => Limits) internal limits;
    /// @dev All that were ever asked for; an answered one has no amount.
    Redemption[] internal redemptions;
    mapping(uint32 bank => uint256) internal issuedBy;
    mapping(uint32 bank => uint256) internal capOf;
    mapping(uint32 bank => mapping(uint32 obligor => Line)) internal lines;
    mapping(uint32 bank => Line) internal groups;
    mapping(uint32 bank => mapping(uint64 nonce => Fill)) internal fills;
    /// @dev Deposits less what was paid out.
    uint256 internal brought;

    // --- The rules in other words -----------------------------------------------------------------------------------

    /// @dev What the cents `[first, end)` have of a sum of which all `face` cents have `total`: cents before the end less
    /// cents before the beginning.
    function shareOf(
        uint256 first,
        uint256 end,
        uint256 total,
        uint256 face
    ) internal pure returns (uint256) {
        return
            (total * end - ((total * end) % face)) / face - (total * first - ((total * first) % face)) / face;
    }

    function isMatured(Bill memory b) internal view returns (bool) {
        return b.due <= block.timestamp;
    }

    function lengthOf(Bill memory b) internal pure returns (uint256) {
        return b.face / b.unit;
    }

    function piecesOf(uint256 n) internal view returns (IBills.ParcelView[] memory) {
        return w.bills.parcelsFrom(bills[n].no, 0, MAX_UNITS);
    }

    /// @dev What a bank received of another's paper, still holds and has not been paid.
    function usedOf(uint32 bank, uint32 obligor) internal view returns (uint256 used) {
        for (uint256 n = 0; n < bills.length; ++n) {
            Bill memory b = bills[n];
            if (b.acceptor != obligor || b.status != ACTIVE) continue;
            IBills.ParcelView[] memory pieces = piecesOf(n);
            for (uint256 i = 0; i < pieces.length; ++i) {
                IBills.ParcelView memory p = pieces[i];
                Unit memory u = units[n][p.first / b.unit];
                if (u.holder != bank || bank == obligor) continue;
                used += p.end - p.first - shareOf(p.first, p.end, p.paidUpTo, b.face);
            }
        }
    }

    function groupUsedOf(uint32 bank) internal view returns (uint256 used) {
        if (lines[bank][CORE].grouped) used += usedOf(bank, CORE);
        if (lines[bank][CORE_2].grouped) used += usedOf(bank, CORE_2);
    }

    function hasRoom(uint32 bank, uint32 obligor, uint256 amount) internal view returns (bool) {
        Line memory l = lines[bank][obligor];
        if (usedOf(bank, obligor) + l.reserved + amount > l.limit) return false;
        Line memory g = groups[bank];
        return !l.grouped || groupUsedOf(bank) + g.reserved + amount <= g.limit;
    }

    function isBank(uint32 member) internal pure returns (bool) {
        return member == BANK_1 || member == BANK_2;
    }

    /// @dev What a member has of a piece; a bank has it under its line unless it is its own paper.
    function heldBy(uint256 n, uint32 member) internal view returns (Unit memory) {
        return Unit(member, 0, 0, isBank(member) && member != bills[n].acceptor);
    }

    function fitsLine(uint256 n, uint32 to, uint256 amount) internal view returns (bool) {
        return !isBank(to) || to == bills[n].acceptor || hasRoom(to, bills[n].acceptor, amount);
    }

    function takesUnasked(uint256 n, uint32 from, uint32 to, uint256 amount) internal view returns (bool) {
        Limits memory l = limits[to];
        if (!standing[to] || amount < l.least) return false;
        if (l.acceptor != 0 && l.acceptor != bills[n].acceptor) return false;
        if (l.counterparty != 0 && l.counterparty != from) return false;
        return l.until == 0 || l.until > block.timestamp;
    }

    function pendingAt(uint32 bank) internal view returns (uint256 sum) {
        for (uint256 i = 0; i < redemptions.length; ++i) {
            if (redemptions[i].bank == bank) sum += redemptions[i].amount;
        }
    }

    /// @dev What the bills of a payee that did not come to nothing use of an invoice.
    function backedBy(uint32 payee, bytes32 invoice) internal view returns (uint256 used) {
        for (uint256 n = 0; n < bills.length; ++n) {
            if (bills[n].payee == payee && bills[n].invoice == invoice && bills[n].status != CANCELLED)
                used += bills[n].backed;
        }
    }

    function usesOf(uint256 n) internal view returns (IInvoiceRegistry.InvoiceUse[] memory uses) {
        if (bills[n].backed == 0) return uses;
        uses = new IInvoiceRegistry.InvoiceUse[](1);
        uses[0] = IInvoiceRegistry.InvoiceUse(bills[n].invoice, INVOICE_TOTAL, bills[n].backed);
    }
}

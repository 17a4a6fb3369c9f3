// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBills} from "../../../contracts/bills/IBills.sol";
import {ICreditLines} from "../../../contracts/finance/ICreditLines.sol";
import {
    accountOf,
    BANK_1,
    BANK_2,
    CORE,
    CORE_2,
    MEMBERS,
    SETTLEMENT,
    SETTLEMENT_2,
    World,
    WorldTest
} from "../support/World.sol";
import {Handler} from "./Handler.sol";

/// @notice The handler with the checks: they need all its books.
contract Books is Handler {
    constructor(World memory world) Handler(world) {}

    /// @dev Point 1: parcels are disjoint, in order, cover `[0, F)`; paid + owed = face.
    function requireWholeLines() external view {
        for (uint256 n = 0; n < bills.length; ++n) {
            Bill memory b = bills[n];
            IBills.ParcelView[] memory pieces = piecesOf(n);
            (uint256 at, uint256 paidOut, uint256 owed) = (0, 0, 0);
            for (uint256 i = 0; i < pieces.length; ++i) {
                IBills.ParcelView memory p = pieces[i];
                require(p.first == at && p.end > p.first, "1: pieces in order");
                at = p.end;
                uint256 paid = shareOf(p.first, p.end, p.paidUpTo, b.face);
                require(paid <= p.end - p.first, "1: a piece is paid its length at most");
                paidOut += paid;
                owed += p.end - p.first - paid;
            }
            require(at == b.face, "1: pieces cover the line");
            (uint56 bookedIn, uint56 bookedOut) = w.bills.paid(b.no);
            require(bookedIn == b.paidIn && bookedOut == b.paidOut, "1: paid as booked");
            require(paidOut == bookedOut && paidOut + owed == b.face, "1: paid and owed are the face");
            require(bookedOut <= bookedIn && bookedIn <= b.face, "1: out, in, face");
        }
    }

    /// @dev Point 2: cash in is cash out; nobody is paid twice; nothing rests in a contract without an owner.
    function requireCashInOrder() external view {
        uint256 held;
        for (uint256 n = 0; n < bills.length; ++n) held += bills[n].paidIn - bills[n].paidOut;
        require(w.cash.balanceOf(address(w.bills)) == held, "2: the ledger holds what is the bills'");
        uint256 sum = held;
        for (uint32 m = 1; m <= MEMBERS; ++m) {
            require(w.cash.balanceOf(accountOf(m)) == cashOf[m], "2: each has what it was paid");
            sum += cashOf[m];
        }
        uint256 locked = w.cash.balanceOf(address(w.cash));
        require(locked == pendingAt(SETTLEMENT) + pendingAt(SETTLEMENT_2), "2: locked is what is asked for");
        require(sum + locked == brought && w.cash.totalSupply() == brought, "2: cash in is cash out");
        uint256 owed;
        for (uint32 bank = SETTLEMENT; bank <= SETTLEMENT_2; ++bank) {
            (uint64 cap, uint64 issued, uint64 pending) = w.cash.book(bank);
            require(cap == capOf[bank] && issued == issuedBy[bank], "2: a bank owes what it issued");
            require(pending == pendingAt(bank) && pending <= issued, "2: asked for what it issued");
            owed += issued;
        }
        require(owed == brought, "2: all there is was issued");
        address[4] memory others = [
            address(w.desk),
            address(w.lines),
            accountOf(SETTLEMENT),
            accountOf(SETTLEMENT_2)
        ];
        for (uint256 i = 0; i < others.length; ++i) {
            require(w.cash.balanceOf(others[i]) == 0, "2: nothing rests");
        }
    }

    /// @dev Point 3: one cent has one holder, and moved only as the rules say; unit by unit.
    function requireOneHolder() external view {
        for (uint256 n = 0; n < bills.length; ++n) {
            Bill memory b = bills[n];
            require(w.bills.terms(b.no).status() == b.status, "3: status");
            IBills.ParcelView[] memory pieces = piecesOf(n);
            for (uint256 i = 0; i < pieces.length; ++i) {
                IBills.ParcelView memory p = pieces[i];
                for (uint256 unit = p.first / b.unit; unit < p.end / b.unit; ++unit) {
                    Unit memory u = units[n][unit];
                    require(p.holder == u.holder && p.holder != 0, "3: holder");
                    require(p.offeredTo == u.offeredTo && p.offerUntil == u.until, "3: offer");
                    require(p.flags == (u.financed ? 1 : 0) && p.pledgee == 0, "3: flags");
                }
            }
        }
    }

    /// @dev Point 4: an invoice backs at most its amount, over all bills and all issuers.
    function requireInvoicesInOrder() external view {
        for (uint256 i = 0; i < INVOICES; ++i) {
            bytes32 invoice = keccak256(abi.encode("invoice", i));
            for (uint32 m = 1; m <= MEMBERS; ++m) {
                (uint56 total, uint56 used) = w.bills.usage(m, invoice);
                require(used <= total && total <= INVOICE_TOTAL, "4: at most its total");
                require(used == backedBy(m, invoice), "4: used by the bills that it backs");
            }
        }
    }

    /// @dev Point 5: a line is never exceeded, on any path.
    function requireLinesInOrder() external view {
        for (uint32 bank = BANK_1; bank <= BANK_2; ++bank) {
            _requireLine(w.lines.line(bank, CORE), lines[bank][CORE], usedOf(bank, CORE));
            _requireLine(w.lines.line(bank, CORE_2), lines[bank][CORE_2], usedOf(bank, CORE_2));
            _requireLine(w.lines.groupLine(bank, 1), groups[bank], groupUsedOf(bank));
        }
    }

    function _requireLine(ICreditLines.Line memory l, Line memory ghost, uint256 used) private pure {
        require(l.limit == ghost.limit && l.reserved == ghost.reserved, "5: limit and reservations");
        require(l.used == used, "5: used by what the bank holds");
        require(used + l.reserved <= ghost.ceiling, "5: within what it ever allowed");
    }
}

/// @notice Design, section 7, points 1 to 5, after each of many acts by many members.
contract InvariantsTest is WorldTest {
    Books private _books;

    function setUp() public {
        World memory w = newWorld();
        _books = new Books(w);
        w.manager.grantRole(0, address(_books), 0);
        targetContract(address(_books));
        bytes4[] memory acts = _acts();
        targetSelector(address(_books), acts);
    }

    /// @dev One test for all points: each would play the same acts again.
    function invariant_pointsOneToFiveHold() public view {
        _requireAll();
    }

    /// @dev The same with longer stories, which say how much of what they try comes about.
    function testLongStoriesHold() public {
        bytes4[] memory acts = _acts();
        for (uint256 n = 0; n < 1_000; ++n) {
            uint256 seed = uint256(keccak256(abi.encode("story", n)));
            (bool ok, ) = address(_books).call(abi.encodeWithSelector(acts[seed % acts.length], seed >> 8));
            require(ok, "the handler itself failed");
            if (n % 25 == 0) _requireAll();
        }
        _requireAll();
        string[17] memory all = [
            "issue",
            "take",
            "refuse",
            "withdraw",
            "extend",
            "expire",
            "offer",
            "sell",
            "fund",
            "payFor",
            "deposit",
            "request",
            "answer",
            "distribute",
            "reserve",
            "release",
            "transfer"
        ];
        for (uint256 i = 0; i < all.length; ++i) {
            require(_books.done(all[i]) > 0, string.concat("never done: ", all[i]));
        }
        require(_books.possible() * 3 > _books.tried(), "too few acts are possible ones");
    }

    function _requireAll() private view {
        string memory mismatch = _books.mismatch();
        require(bytes(mismatch).length == 0, mismatch);
        _books.requireWholeLines();
        _books.requireCashInOrder();
        _books.requireOneHolder();
        _books.requireInvoicesInOrder();
        _books.requireLinesInOrder();
    }

    /// @dev What moves a bill stands more often than what only sets the scene.
    function _acts() private pure returns (bytes4[] memory acts) {
        acts = new bytes4[](37);
        bytes4[37] memory list = [
            Handler.issue.selector,
            Handler.issue.selector,
            Handler.issue.selector,
            Handler.take.selector,
            Handler.take.selector,
            Handler.take.selector,
            Handler.take.selector,
            Handler.offer.selector,
            Handler.offer.selector,
            Handler.offer.selector,
            Handler.sell.selector,
            Handler.sell.selector,
            Handler.sell.selector,
            Handler.fund.selector,
            Handler.fund.selector,
            Handler.distribute.selector,
            Handler.distribute.selector,
            Handler.distribute.selector,
            Handler.refuse.selector,
            Handler.withdraw.selector,
            Handler.expire.selector,
            Handler.setLine.selector,
            Handler.setGroupLine.selector,
            Handler.reserve.selector,
            Handler.release.selector,
            Handler.transfer.selector,
            Handler.deposit.selector,
            Handler.request.selector,
            Handler.request.selector,
            Handler.answer.selector,
            Handler.setCap.selector,
            Handler.cancelQuote.selector,
            Handler.wait.selector,
            Handler.order.selector,
            Handler.setStanding.selector,
            Handler.trespass.selector,
            Handler.extend.selector
        ];
        for (uint256 i = 0; i < list.length; ++i) acts[i] = list[i];
    }
}

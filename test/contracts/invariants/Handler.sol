// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBills} from "../../../contracts/bills/IBills.sol";
import {IBillsRecord} from "../../../contracts/bills/IBillsRecord.sol";
import {BillNo, newBillNo, newParcelId, ParcelId} from "../../../contracts/bills/ParcelId.sol";
import {IDepositToken, IERC20} from "../../../contracts/cash/IDepositToken.sol";
import {ICreditLines} from "../../../contracts/finance/ICreditLines.sol";
import {IFinancingDesk} from "../../../contracts/finance/IFinancingDesk.sol";
import {
    accountOf,
    BANK_1,
    BANK_2,
    CAP,
    CNY,
    CORE,
    CORE_2,
    keyOf,
    MEMBERS,
    SETTLEMENT,
    SETTLEMENT_2,
    SUPPLIER_1,
    VM,
    World
} from "../support/World.sol";
import {Ghost} from "./Ghost.sol";

/**
 * @title Handler
 * @notice Acts of several members, drawn from a number each, mostly possible ones. Before each act it says from its own books
 * whether the rules allow it; `mismatch` names the first act that went otherwise.
 */
contract Handler is Ghost {
    string public mismatch;
    mapping(string act => uint256) public done;
    uint256 public tried;
    uint256 public possible;

    uint256 private _seed;

    constructor(World memory world) {
        w = world;
        (capOf[SETTLEMENT], capOf[SETTLEMENT_2]) = (CAP, CAP);
        for (uint32 m = 1; m <= MEMBERS; ++m) _deposit(SETTLEMENT, m, 2 ** 60);
    }

    // --- Acts on titles ---------------------------------------------------------------------------------------------

    function issue(uint256 seed) external {
        _seed = seed;
        uint32 by = _draw(2) == 0 ? CORE : CORE_2;
        uint32 to = _other(by);
        if (_draw(16) == 0) by = SUPPLIER_1;
        Bill memory b;
        b.unit = [uint56(1), 3, 1_000_003, 2 ** 50][_draw(4)];
        b.face = b.unit * uint56(1 + _draw(MAX_UNITS));
        b.acceptor = by;
        b.due = uint40(_today() + 1 days * (1 + _draw(20)));
        b.status = OFFERED;
        b.payee = to;
        if (_draw(4) == 0) b.restrictions = _draw(2) == 0 ? 1 : 2;
        b.no = newBillNo(by, uint32(bills.length + 1));
        if (_draw(2) == 0) (b.invoice, b.backed) = _backing(to);
        bool should =
            by != to &&
                _active(by) &&
                _active(to) &&
                by != SUPPLIER_1 &&
                backedBy(to, b.invoice) + b.backed <= INVOICE_TOTAL;

        bills.push(b);
        uint256 n = bills.length - 1;
        IBillsRecord.Issue memory i = IBillsRecord.Issue({
            serial: uint32(n + 1),
            payee: to,
            due: b.due,
            face: b.face,
            restrictions: b.restrictions,
            rulePack: 1,
            documentHash: bytes32(n),
            invoices: usesOf(n),
            named: new uint32[](0)
        });
        if (_do("issue", by, address(w.bills), abi.encodeCall(w.bills.issue, (i)), should)) {
            for (uint256 u = 0; u < lengthOf(b); ++u) units[n][u] = Unit(by, to, 0, false);
        } else {
            bills.pop();
        }
    }

    function take(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        Bill memory b = bills[n];
        uint32 by = u.offeredTo != 0 && _draw(6) > 0 ? u.offeredTo : _anyone();
        (uint32 from, uint32 to, uint56 end, bool same) = _seen(p);
        bool should =
            same &&
                _active(by) &&
                _active(u.holder) &&
                u.offeredTo == by &&
                to == by &&
                !isMatured(b) &&
                !_isOver(u) &&
                fitsLine(n, by, p.end - p.first);
        bytes memory data = abi.encodeCall(w.bills.take, (p.id, from, end));
        if (!_do("take", by, address(w.bills), data, should)) return;
        bills[n].status = ACTIVE;
        _set(n, p, heldBy(n, by));
    }

    function refuse(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        uint32 by = u.offeredTo != 0 && _draw(6) > 0 ? u.offeredTo : _anyone();
        bool should = _active(by) && u.offeredTo == by;
        if (bills[n].status == ACTIVE) {
            (uint32 from, , uint56 end, bool same) = _seen(p);
            bytes memory data = abi.encodeCall(w.bills.refuse, (p.id, from, end));
            if (_do("refuse", by, address(w.bills), data, should && same)) {
                _endOffer(n, p, u);
            }
        } else {
            _answer("refuse", n, by, w.bills.refuseIssue.selector, should);
        }
    }

    function withdraw(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        uint32 by = _draw(6) > 0 ? u.holder : _anyone();
        bool should = _active(by) && u.holder == by && u.offeredTo != 0;
        if (bills[n].status == ACTIVE) {
            (, uint32 to, uint56 end, bool same) = _seen(p);
            bytes memory data = abi.encodeCall(w.bills.withdraw, (p.id, to, end));
            if (_do("withdraw", by, address(w.bills), data, should && same)) {
                _endOffer(n, p, u);
            }
        } else {
            _answer("withdraw", n, by, w.bills.withdrawIssue.selector, should);
        }
    }

    function extend(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        if (_draw(4) > 0) (n, p, u) = _dated(n, p, u);
        Bill memory b = bills[n];
        uint32 by = _draw(6) > 0 ? u.holder : _anyone();
        uint40 until = _draw(4) == 0 ? 0 : uint40(block.timestamp + _draw(8) * 1 days);
        (, uint32 to, uint56 end, bool same) = _seen(p);
        bool should =
            same &&
                _active(by) &&
                u.holder == by &&
                u.offeredTo != 0 &&
                b.status == ACTIVE &&
                !isMatured(b) &&
                u.until != 0 &&
                (until == 0 || (until > block.timestamp && until > u.until));
        bytes memory data = abi.encodeCall(w.bills.extend, (p.id, to, end, until));
        if (_do("extend", by, address(w.bills), data, should)) {
            _set(n, p, Unit(u.holder, u.offeredTo, until, u.financed));
        }
    }

    /// @dev A piece of a newer bill whose offer has an end, or else the given one.
    function _dated(
        uint256 n,
        IBills.ParcelView memory p,
        Unit memory u
    ) private view returns (uint256, IBills.ParcelView memory, Unit memory) {
        for (uint256 k = bills.length; k > 0 && k + 12 > bills.length; --k) {
            IBills.ParcelView[] memory pieces = piecesOf(k - 1);
            for (uint256 i = 0; i < pieces.length; ++i) {
                Unit memory unit = units[k - 1][pieces[i].first / bills[k - 1].unit];
                if (unit.until != 0) return (k - 1, pieces[i], unit);
            }
        }
        return (n, p, u);
    }

    function expire(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        if (_draw(4) > 0) (n, p, u) = _overdue(n, p, u);
        Bill memory b = bills[n];
        if (b.status == ACTIVE) {
            (uint32 from, uint32 to, uint56 end, bool same) = _seen(p);
            bool should = u.offeredTo != 0 && _isOver(u) && same;
            bytes memory data = abi.encodeCall(w.bills.expire, (p.id, from, to, end));
            if (_do("expire", 0, address(w.bills), data, should)) {
                _endOffer(n, p, u);
            }
        } else {
            _answer("expire", n, 0, w.bills.expireIssue.selector, b.status == OFFERED && isMatured(b));
        }
    }

    /// @dev A piece of a newer bill whose offer is over, or else the given one.
    function _overdue(
        uint256 n,
        IBills.ParcelView memory p,
        Unit memory u
    ) private view returns (uint256, IBills.ParcelView memory, Unit memory) {
        for (uint256 k = bills.length; k > 0 && k + 12 > bills.length; --k) {
            IBills.ParcelView[] memory pieces = piecesOf(k - 1);
            for (uint256 i = 0; i < pieces.length; ++i) {
                Unit memory unit = units[k - 1][pieces[i].first / bills[k - 1].unit];
                bool isOpen = bills[k - 1].status == OFFERED ? !isMatured(bills[k - 1]) : !_isOver(unit);
                if (unit.offeredTo != 0 && !isOpen) return (k - 1, pieces[i], unit);
            }
        }
        return (n, p, u);
    }

    function offer(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        uint32 by = _draw(8) > 0 ? u.holder : _anyone();
        uint32 to = _other(by);
        uint40 until = _draw(2) == 0 ? 0 : uint40(block.timestamp + _draw(4) * 1 days);
        (uint56 amount, uint56 first) = _part(n, p);
        bool unasked = takesUnasked(n, by, to, p.end - first);
        bool should =
            _movable(n, u, by, to, isBank(to) ? 3 : 1) &&
                (until == 0 || block.timestamp < until) &&
                (!unasked || fitsLine(n, to, p.end - first));
        bytes memory data = abi.encodeCall(w.bills.offer, (p.id, amount, to, until));
        if (!_do("offer", by, address(w.bills), data, should)) return;
        p.first = first;
        _set(n, p, unasked ? heldBy(n, to) : Unit(by, to, until, u.financed));
    }

    function sell(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        uint32 by = _draw(8) > 0 ? u.holder : _anyone();
        uint32 bank = _draw(2) == 0 ? BANK_1 : BANK_2;
        if (bank == by) bank = bank == BANK_1 ? BANK_2 : BANK_1;
        (uint56 amount, uint56 first) = _part(n, p);
        IFinancingDesk.Quote memory q = _quote(n, p, bank, by);
        uint256 price;
        bool should = _movable(n, u, by, bank, 2);
        if (should) (should, price) = _price(n, q, by, p.end - first);
        // One seller in eight asks for a unit more than there is.
        uint56 least = uint56(_draw(8) == 0 ? price + 1 : price);
        should = should && least == price;
        bytes memory data = abi.encodeCall(
            w.bills.sell,
            (p.id, amount, bank, w.desk, least, abi.encode(q, _sign(q, bank)))
        );
        if (!_do("sell", by, address(w.bills), data, should)) return;
        p.first = first;
        fills[bank][q.nonce].amount += p.end - first;
        cashOf[bank] -= price;
        cashOf[by] += price;
        _set(n, p, heldBy(n, bank));
    }

    // --- Acts with money --------------------------------------------------------------------------------------------

    function fund(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, ) = _pick(seed);
        if (p.end == 0) return;
        Bill memory b = bills[n];
        uint32 by = _draw(8) > 0 ? b.acceptor : _anyone();
        uint56 open = b.face - b.paidIn;
        uint56 amount = _draw(3) == 0 ? open : uint56(_draw(uint256(open) + 2));
        bool isFor = _draw(4) == 0;
        if (isFor) by = _anyone();
        bool should =
            (isFor ? _active(by) : by == b.acceptor) &&
                b.status == ACTIVE &&
                amount != 0 &&
                amount <= open &&
                cashOf[by] >= amount;
        bytes memory data =
            isFor
                ? abi.encodeCall(w.bills.payFor, (b.no, amount))
                : abi.encodeCall(w.bills.fund, (b.no, amount));
        if (!_do(isFor ? "payFor" : "fund", by, address(w.bills), data, should)) return;
        bills[n].paidIn += amount;
        cashOf[by] -= amount;
    }

    function distribute(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, ) = _pick(seed);
        if (p.end == 0) return;
        Bill memory b = bills[n];
        IBills.ParcelView[] memory pieces = piecesOf(n);
        bool isWhole = _draw(3) > 0;
        uint56[] memory firsts = new uint56[](isWhole ? pieces.length : 2);
        // All; or one, named twice.
        for (uint256 i = 0; i < firsts.length; ++i) firsts[i] = isWhole ? pieces[i].first : p.first;
        bool should = b.status == ACTIVE && isMatured(b);
        bytes memory data = abi.encodeCall(w.bills.distribute, (b.no, firsts));
        if (!_do("distribute", 0, address(w.bills), data, should)) return;
        _bookPayment(n, pieces, isWhole);
    }

    /// @dev A member is paid what its pieces have now and had not before; nobody else, and nothing else.
    function _bookPayment(uint256 n, IBills.ParcelView[] memory before, bool whole) private {
        Bill storage b = bills[n];
        IBills.ParcelView[] memory pieces = piecesOf(n);
        for (uint256 i = 0; i < pieces.length; ++i) {
            IBills.ParcelView memory p = pieces[i];
            uint256 had = shareOf(p.first, p.end, before[i].paidUpTo, b.face);
            uint256 has = shareOf(p.first, p.end, p.paidUpTo, b.face);
            if (has < had || p.paidUpTo > b.paidIn) _note("distribute takes back, or pays what is not there");
            if (whole && b.paidIn == b.face && has != p.end - p.first) _note("distribute pays less than all");
            cashOf[p.holder] += has - had;
            b.paidOut += uint56(has - had);
        }
    }

    function deposit(uint256 seed) external {
        _seed = seed;
        _deposit(_draw(2) == 0 ? SETTLEMENT : SETTLEMENT_2, _anyone(), _draw(2 ** 50));
    }

    /// @dev Governance may set a cap below what is issued.
    function setCap(uint256 seed) external {
        _seed = seed;
        uint64 cap = uint64(_draw(2 ** 52));
        w.cash.setCap(SETTLEMENT_2, cap);
        capOf[SETTLEMENT_2] = cap;
    }

    function request(uint256 seed) external {
        _seed = seed;
        uint32 by = _anyone();
        uint32 bank = _draw(3) > 0 ? SETTLEMENT : SETTLEMENT_2;
        uint64 amount = uint64(_draw(12) == 0 ? cashOf[by] + 1 : _draw(cashOf[by] / 64 + 2));
        bool should =
            _active(by) && amount != 0 && amount <= cashOf[by] && amount + pendingAt(bank) <= issuedBy[bank];
        bytes memory data = abi.encodeCall(IDepositToken.requestRedemption, (bank, amount));
        if (!_do("request", by, address(w.cash), data, should)) return;
        redemptions.push(Redemption(bank, by, amount));
        cashOf[by] -= amount;
    }

    /// @dev By the bank that was asked, by the other, or a second time.
    function answer(uint256 seed) external {
        _seed = seed;
        if (redemptions.length == 0) return;
        uint256 i = redemptions.length - 1 - _draw(redemptions.length < 4 ? redemptions.length : 4);
        Redemption memory r = redemptions[i];
        uint32 by = _draw(6) > 0 ? r.bank : SETTLEMENT + SETTLEMENT_2 - r.bank;
        bool pays = _draw(2) == 0;
        bytes32 why = _draw(8) == 0 ? bytes32(0) : bytes32("why");
        bool should = r.amount != 0 && by == r.bank && why != 0;
        bytes4 selector =
            pays ? IDepositToken.confirmRedemption.selector : IDepositToken.refuseRedemption.selector;
        bytes memory data = abi.encodeWithSelector(selector, uint64(i + 1), why);
        if (!_do("answer", by, address(w.cash), data, should)) return;
        redemptions[i].amount = 0;
        if (pays) {
            issuedBy[r.bank] -= r.amount;
            brought -= r.amount;
        } else {
            cashOf[r.member] += r.amount;
        }
    }

    /// @dev To a member; or to what is none, which must not have any.
    function transfer(uint256 seed) external {
        _seed = seed;
        uint32 by = _anyone();
        uint32 to = _anyone();
        uint256 amount = _draw(cashOf[by] / 16 + 1);
        address target = accountOf(to);
        bool isMember = _draw(4) > 0;
        if (!isMember)
            target = [address(w.bills), address(w.desk), address(this), address(w.lines)][_draw(4)];
        bytes memory data = abi.encodeCall(IERC20.transfer, (target, amount));
        if (!_do("transfer", by, address(w.cash), data, _active(by) && isMember)) return;
        cashOf[by] -= amount;
        cashOf[to] += amount;
    }

    // --- Lines and quotes -------------------------------------------------------------------------------------------

    function setLine(uint256 seed) external {
        _seed = seed;
        (uint32 bank, uint32 obligor) = _pair();
        Line storage l = lines[bank][obligor];
        bool grouped = _draw(2) == 0;
        uint64 limit = uint64(_draw(2 ** uint256(_draw(60))));
        uint256 taken = usedOf(bank, obligor) + l.reserved;
        bool should = _active(bank) && (grouped == l.grouped || taken == 0);
        bytes memory data = abi.encodeCall(ICreditLines.setLine, (obligor, limit, grouped ? 1 : 0));
        if (!_do("setLine", bank, address(w.lines), data, should)) return;
        (l.limit, l.grouped, l.ceiling) = (limit, grouped, limit > taken ? limit : uint64(taken));
    }

    function setGroupLine(uint256 seed) external {
        _seed = seed;
        (uint32 bank, ) = _pair();
        uint64 limit = uint64(_draw(2 ** uint256(_draw(60))));
        bytes memory data = abi.encodeCall(ICreditLines.setGroupLine, (1, limit));
        if (!_do("setGroupLine", bank, address(w.lines), data, _active(bank))) return;
        uint256 taken = groupUsedOf(bank) + groups[bank].reserved;
        (groups[bank].limit, groups[bank].ceiling) = (limit, limit > taken ? limit : uint64(taken));
    }

    function reserve(uint256 seed) external {
        _seed = seed;
        (uint32 bank, uint32 obligor) = _pair();
        Line storage l = lines[bank][obligor];
        uint64 amount = uint64(1 + _draw(uint256(l.limit) / 4 + 2));
        bool should = _active(bank) && hasRoom(bank, obligor, amount);
        bytes memory data = abi.encodeCall(ICreditLines.reserve, (obligor, amount));
        if (!_do("reserve", bank, address(w.lines), data, should)) return;
        l.reserved += amount;
        if (l.grouped) groups[bank].reserved += amount;
    }

    function release(uint256 seed) external {
        _seed = seed;
        (uint32 bank, uint32 obligor) = _pair();
        Line storage l = lines[bank][obligor];
        uint64 amount = _draw(2) == 0 ? l.reserved : uint64(_draw(uint256(l.reserved) + 2));
        bool should = _active(bank) && amount <= l.reserved;
        bytes memory data = abi.encodeCall(ICreditLines.release, (obligor, amount));
        if (!_do("release", bank, address(w.lines), data, should)) return;
        l.reserved -= amount;
        if (l.grouped) groups[bank].reserved -= amount;
    }

    function cancelQuote(uint256 seed) external {
        _seed = seed;
        (uint32 bank, ) = _pair();
        uint64 nonce = uint64(_draw(64));
        bytes memory data = abi.encodeCall(IFinancingDesk.cancel, (nonce));
        if (_do("cancelQuote", bank, address(w.desk), data, true)) fills[bank][nonce].cancelled = true;
    }

    // --- Time and members -------------------------------------------------------------------------------------------

    function wait(uint256 seed) external {
        _seed = seed;
        VM.warp(block.timestamp + _draw(3 days));
    }

    /// @dev Suspends one; restores whoever is suspended first, three times out of four.
    function order(uint256 seed) external {
        _seed = seed;
        for (uint32 m = 1; m <= MEMBERS; ++m) {
            if (!suspended[m] || _draw(4) == 0) continue;
            w.bills.restore(m, 0);
            suspended[m] = false;
            return;
        }
        uint32 member = _anyone();
        if (suspended[member] || _draw(3) > 0) return;
        w.bills.suspend(member, "why");
        suspended[member] = true;
    }

    function setStanding(uint256 seed) external {
        _seed = seed;
        uint32 by = _anyone();
        bool gives = _draw(3) == 0;
        Limits memory l;
        if (_draw(2) == 0) l.acceptor = _draw(2) == 0 ? CORE : CORE_2;
        if (_draw(4) == 0) l.counterparty = _anyone();
        if (_draw(2) == 0) l.least = uint56(2 ** _draw(50));
        if (_draw(2) == 0) l.until = uint40(block.timestamp + _draw(10 days));
        bytes memory data = abi.encodeCall(
            w.bills.setStandingAcceptance,
            (gives, l.acceptor, l.counterparty, l.least, l.until)
        );
        if (!_do("setStanding", by, address(w.bills), data, _active(by))) return;
        (standing[by], limits[by]) = (gives, l);
    }

    /// @dev What nobody may do, whoever is asked: each must fail.
    function trespass(uint256 seed) external {
        (uint256 n, IBills.ParcelView memory p, Unit memory u) = _pick(seed);
        if (p.end == 0) return;
        uint32 by = _draw(2) == 0 ? 0 : _other(u.holder);
        bytes[7] memory acts = [
            abi.encodeCall(w.bills.offer, (p.id, type(uint56).max, by == CORE ? BANK_1 : CORE, 0)),
            abi.encodeCall(w.bills.withdraw, (p.id, p.offeredTo, p.end)),
            abi.encodeCall(w.bills.extend, (p.id, p.offeredTo, p.end, 0)),
            abi.encodeCall(w.bills.distribute, (bills[n].no, _inside(p))),
            abi.encodeCall(w.bills.admitDesk, (w.desk)),
            abi.encodeCall(w.bills.take, (newParcelId(bills[n].no, p.first + 1), p.holder, p.end)),
            abi.encodeCall(w.bills.refuse, (newParcelId(bills[n].no, p.first + 1), p.holder, p.end))
        ];
        if (p.end - p.first == 1) return;
        _do("trespass", by, address(w.bills), acts[_draw(7)], false);
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev Does the act and compares with what should have come of it. Member 0 is nobody's account.
    function _do(
        string memory act,
        uint32 by,
        address target,
        bytes memory data,
        bool should
    ) private returns (bool ok) {
        VM.prank(by == 0 ? address(0xdead) : accountOf(by));
        (ok, ) = target.call(data);
        tried += 1;
        if (ok) possible += 1;
        if (ok) done[act] += 1;
        if (ok != should) _note(string.concat(act, ok ? " went through" : " was refused"));
    }

    function _note(string memory what) private {
        if (bytes(mismatch).length == 0) mismatch = what;
    }

    function _answer(string memory act, uint256 n, uint32 by, bytes4 selector, bool should) private {
        IBillsRecord.Backing memory backing = IBillsRecord.Backing(bytes32(n), usesOf(n), new uint32[](0));
        if (_draw(8) == 0) {
            if (backing.invoices.length != 0) backing.invoices[0].amount -= 1;
            else backing.documentHash = bytes32(n + 1);
            should = false;
        }
        bytes memory data = abi.encodeWithSelector(selector, bills[n].no, backing);
        if (!_do(act, by, address(w.bills), data, should)) return;
        bills[n].status = CANCELLED;
        for (uint256 i = 0; i < lengthOf(bills[n]); ++i) units[n][i].offeredTo = 0;
    }

    function _deposit(uint32 by, uint32 to, uint256 amount) private {
        bool should = amount != 0 && issuedBy[by] + amount <= capOf[by];
        bytes memory data = abi.encodeCall(IDepositToken.deposit, (to, uint64(amount), 0));
        if (!_do("deposit", by, address(w.cash), data, should)) return;
        issuedBy[by] += amount;
        cashOf[to] += amount;
        brought += amount;
    }

    /// @dev What somebody who answers says that it saw; one time out of eight it is not what is there.
    function _seen(
        IBills.ParcelView memory p
    ) private returns (uint32 from, uint32 to, uint56 end, bool same) {
        (from, to, end, same) = (p.holder, p.offeredTo, p.end, _draw(8) > 0);
        if (!same) end = p.end + 1;
    }

    /// @dev Writes a state into the units of a piece.
    function _set(uint256 n, IBills.ParcelView memory p, Unit memory u) private {
        uint56 unit = bills[n].unit;
        for (uint256 i = p.first / unit; i < p.end / unit; ++i) units[n][i] = u;
    }

    function _endOffer(uint256 n, IBills.ParcelView memory p, Unit memory u) private {
        _set(n, p, Unit(u.holder, 0, 0, u.financed));
    }

    function _movable(
        uint256 n,
        Unit memory u,
        uint32 by,
        uint32 to,
        uint16 restriction
    ) private view returns (bool) {
        Bill memory b = bills[n];
        return
            _active(by) &&
            _active(to) &&
            u.holder == by &&
            b.status == ACTIVE &&
            !isMatured(b) &&
            u.offeredTo == 0 &&
            b.restrictions & restriction == 0;
    }

    /// @dev All of the piece, or some units of it.
    function _part(uint256 n, IBills.ParcelView memory p) private returns (uint56 amount, uint56 first) {
        uint56 unit = bills[n].unit;
        uint56 count = uint56(1 + _draw((p.end - p.first) / unit));
        first = p.end - count * unit;
        amount = first == p.first && _draw(2) == 0 ? type(uint56).max : p.end - first;
    }

    function _quote(
        uint256 n,
        IBills.ParcelView memory p,
        uint32 bank,
        uint32 seller
    ) private returns (IFinancingDesk.Quote memory q) {
        q.bank = bank;
        q.scope = uint8(_draw(3));
        q.subject = [
            uint128(ParcelId.unwrap(p.id)),
            uint128(BillNo.unwrap(bills[n].no)),
            uint128(bills[n].acceptor)
        ][q.scope];
        q.seller = _draw(2) == 0 ? 0 : seller;
        q.currency = CNY;
        q.amount = uint56(2 ** (20 + _draw(36)) - 1);
        q.ratePpm = uint32(_draw(90_000));
        q.fee = uint56(_draw(3));
        q.validUntil = uint40(block.timestamp + _draw(3) * 1 days);
        q.nonce = uint64(_draw(64));
    }

    /// @dev What the rules say of a sale of `amount`: whether it comes about, and at which price.
    function _price(
        uint256 n,
        IFinancingDesk.Quote memory q,
        uint32 by,
        uint256 amount
    ) private view returns (bool ok, uint256 price) {
        Fill memory f = fills[q.bank][q.nonce];
        uint256 daysLeft = (bills[n].due - _today()) / 1 days;
        uint256 year = 360 * 1_000_000;
        uint256 interest =
            (2 * (f.amount + amount) * q.ratePpm * daysLeft + year) / (2 * year) -
                (2 * f.amount * q.ratePpm * daysLeft + year) / (2 * year);
        uint256 fee = shareOf(f.amount, f.amount + amount, q.fee, q.amount);
        if (interest + fee >= amount) return (false, 0);
        price = amount - interest - fee;
        ok =
            !f.cancelled &&
            f.amount + amount <= q.amount &&
            hasRoom(q.bank, bills[n].acceptor, amount) &&
            cashOf[q.bank] >= price &&
            by != q.bank;
    }

    function _sign(IFinancingDesk.Quote memory q, uint32 bank) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(keyOf(bank), w.desk.digestOf(q));
        return abi.encodePacked(r, s, v);
    }

    function _backing(uint32 payee) private returns (bytes32 invoice, uint56 amount) {
        invoice = keccak256(abi.encode("invoice", _draw(INVOICES)));
        uint256 free = INVOICE_TOTAL - backedBy(payee, invoice);
        amount = uint56(_draw(8) == 0 ? free + 1 : 1 + _draw(free / 2 + 1));
    }

    /// @dev A first cent that no piece has.
    function _inside(IBills.ParcelView memory p) private pure returns (uint56[] memory firsts) {
        firsts = new uint56[](1);
        firsts[0] = p.first + 1;
    }

    /// @dev One of the newer bills and one of its pieces; an empty piece when there is no bill.
    function _pick(uint256 seed) private returns (uint256 n, IBills.ParcelView memory p, Unit memory u) {
        _seed = seed;
        if (bills.length == 0) return (n, p, u);
        uint256 recent = bills.length < 6 ? bills.length : 6;
        n = _draw(10) == 0 ? _draw(bills.length) : bills.length - 1 - _draw(recent);
        IBills.ParcelView[] memory pieces = piecesOf(n);
        p = pieces[_draw(pieces.length)];
        u = units[n][p.first / bills[n].unit];
    }

    function _pair() private returns (uint32 bank, uint32 obligor) {
        return (_draw(2) == 0 ? BANK_1 : BANK_2, _draw(2) == 0 ? CORE : CORE_2);
    }

    function _anyone() private returns (uint32) {
        return uint32(1 + _draw(MEMBERS));
    }

    function _other(uint32 than) private returns (uint32) {
        uint32 other = uint32(1 + _draw(MEMBERS - 1));
        return other >= than ? other + 1 : other;
    }

    function _active(uint32 member) private view returns (bool) {
        return member != 0 && !suspended[member];
    }

    function _isOver(Unit memory u) private view returns (bool) {
        return u.until != 0 && block.timestamp >= u.until;
    }

    function _today() private view returns (uint256) {
        return block.timestamp - ((block.timestamp + 8 hours) % 1 days);
    }

    /// @dev The next number below `below` that follows from the seed of the act.
    function _draw(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }
}

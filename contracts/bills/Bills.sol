// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IDepositToken} from "../cash/IDepositToken.sol";
import {ICreditLines} from "../finance/ICreditLines.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {BANK, CORE_ENTERPRISE} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {Participants} from "../participants/Participants.sol";
import {IRulebook} from "../rules/IRulebook.sol";
import {LegalDates} from "../rules/LegalDates.sol";
import {InvoiceRegistry} from "../trade/InvoiceRegistry.sol";
import {Acts} from "./Acts.sol";
import {IBills} from "./IBills.sol";
import {newParcel, Parcel, PARCEL_FINANCED} from "./Parcel.sol";
import {BillNo, newBillNo, newParcelId, ParcelId} from "./ParcelId.sol";
import {Parcels} from "./Parcels.sol";
import {Ribbon} from "./Ribbon.sol";
import {
    BASIS_365,
    KIND_CERTIFICATE,
    NAMED_MEMBERS_ONLY,
    NOT_TO_BE_FINANCED,
    NOT_TO_BE_PASSED_ON,
    newTerms,
    STATUS_ACTIVE,
    STATUS_CANCELLED,
    STATUS_OFFERED,
    Terms
} from "./Terms.sol";

/**
 * @title Bills
 * @notice See {IBills}. Holds what was paid in to bills until it is paid out, and nothing else.
 *
 * It promises that the parcels of a bill always cover its line, that a parcel moves only by its holder's call (and then
 * by the taker's, or a bank's signed order), and that what is paid in is paid out to the cent. It has no upgrade path and
 * gives the operator no function that touches a bill: only those of {Participants}, which write members and nothing else.
 * It trusts the contracts named in its constructor; an admitted desk is trusted to have checked the order of a bank that
 * named it, and can do nothing with a parcel whose holder did not call. Nothing that a holder does to its own cents counts
 * against another: there is no shared number of cuts, and whoever reads or pays names the range.
 */
contract Bills is IBills, Participants, InvoiceRegistry, Multicall, ReentrancyGuardTransient {
    using Acts for bytes;
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint56 private constant WHOLE = type(uint56).max;
    uint16 private constant RESTRICTIONS = NOT_TO_BE_PASSED_ON | NOT_TO_BE_FINANCED | NAMED_MEMBERS_ONLY;

    struct Paid {
        uint56 paidIn;
        uint56 paidOut;
    }

    IRulebook public immutable rulebook;
    ICreditLines public immutable lines;
    IDepositToken public immutable cash;
    Ribbon public immutable ribbon;
    uint16 private immutable _currency;

    mapping(BillNo => Terms) private _terms;
    mapping(BillNo => bytes32) private _trails;
    mapping(BillNo => Paid) private _paid;
    mapping(ParcelId => Parcel) private _parcels;
    mapping(BillNo => BitMaps.BitMap) private _named;
    mapping(ISaleDesk => bool) private _desks;
    mapping(uint32 bank => mapping(ISaleDesk => bool)) private _allowedDesks;

    constructor(
        address accessManager,
        IRulebook rulebook_,
        ICreditLines lines_,
        IDepositToken cash_,
        uint16 currency_,
        Ribbon ribbon_
    ) AccessManaged(accessManager) {
        rulebook = rulebook_;
        lines = lines_;
        cash = cash_;
        _currency = currency_;
        ribbon = ribbon_;
    }

    // --- Issue ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function issue(Issue calldata i) external returns (BillNo billNo) {
        (uint32 payee, uint16 restrictions, uint16 rulePack) = (i.payee, i.restrictions, i.rulePack);
        (uint40 due, uint56 face) = (i.due, i.face);
        uint32[] calldata named = i.named;
        (Member by, ) = pair(msg.sender, payee);
        require(by.number() != payee, BillsToOneself(payee));
        require(
            restrictions & ~RESTRICTIONS == 0 &&
                (named.length == 0 || restrictions & NAMED_MEMBERS_ONLY != 0),
            BillsUnknownRestriction(restrictions)
        );
        billNo = newBillNo(by.number(), i.serial);
        require(!_terms[billNo].exists(), BillsSerialUsed(billNo));
        (uint8 kind, uint8 tenorMonths, uint16 basis) = rulebook.inForce(rulePack);
        require(kind == KIND_CERTIFICATE, BillsWrongKind(rulePack));
        require(by.hasRole(CORE_ENTERPRISE), BillsNotCoreEnterprise(by.number()));
        require(face != 0, BillsInvalidAmount());
        _requireDueDate(due, tenorMonths);

        uint16 flags = restrictions | (basis == 365 ? BASIS_365 : 0);
        Terms t = newTerms(by.number(), payee, due, face, kind, flags, rulePack, _currency);
        _terms[billNo] = t;
        InvoiceUse[] calldata uses = i.invoices;
        bytes32 invoicesHash = keccak256(abi.encode(uses));
        bytes memory act = _issueAct(billNo, t, i.documentHash, invoicesHash);
        bytes32 hash = Acts.extend(0, act);
        act.log4();
        if (t.has(NAMED_MEMBERS_ONLY)) {
            act = _namingAct(billNo, named);
            hash = Acts.extend(hash, act);
            act.log2();
            for (uint256 n = 0; n < named.length; ++n) _named[billNo].set(named[n]);
        }
        _trails[billNo] = hash;

        if (uses.length != 0) _back(billNo, payee, uses);
    }

    /// @inheritdoc IBills
    function refuseIssue(BillNo billNo, Backing calldata backing) external {
        uint32 caller = _actor(msg.sender).number();
        Terms t = _terms[billNo];
        require(
            t.status() == STATUS_OFFERED && t.payee() == caller,
            BillsNotOffered(newParcelId(billNo, 0), caller)
        );
        _cancel(billNo, t, caller, backing);
    }

    /// @inheritdoc IBills
    function withdrawIssue(BillNo billNo, Backing calldata backing) external {
        uint32 caller = _actor(msg.sender).number();
        Terms t = _terms[billNo];
        (ParcelId id, Parcel p) = _firstParcel(billNo);
        require(p.holder() == caller, BillsNotHolder(id, caller));
        require(t.status() == STATUS_OFFERED, BillsNotOffered(id, caller));
        _cancel(billNo, t, caller, backing);
    }

    /// @inheritdoc IBills
    function expireIssue(BillNo billNo, Backing calldata backing) external {
        Terms t = _terms[billNo];
        require(t.status() == STATUS_OFFERED, BillsNotOffered(newParcelId(billNo, 0), 0));
        require(_isMatured(t), BillsOfferStands(newParcelId(billNo, 0)));
        _cancel(billNo, t, 0, backing);
    }

    // --- Receive ----------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function take(ParcelId id, uint32 from, uint56 end) external nonReentrantView {
        (Member by, ) = pair(msg.sender, from);
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

    /// @inheritdoc IBills
    function refuse(ParcelId id, uint32 from, uint56 end) external nonReentrantView {
        uint32 caller = _actor(msg.sender).number();
        Parcel p = _parcels[id];
        require(p.offeredTo() == caller, BillsNotOffered(id, caller));
        require(p.holder() == from && p.end() == end, BillsOfferChanged(id));
        _endOffer(id, p, OfferRefused.selector);
    }

    // --- Pass on ----------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function offer(
        ParcelId id,
        uint56 amount,
        uint32 to,
        uint40 until
    ) external nonReentrantView returns (ParcelId) {
        (Member by, Member receiver) = pair(msg.sender, to);
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

    /// @inheritdoc IBills
    function withdraw(ParcelId id, uint32 to, uint56 end) external nonReentrantView {
        uint32 caller = _actor(msg.sender).number();
        Parcel p = _parcels[id];
        require(p.holder() == caller, BillsNotHolder(id, caller));
        require(p.offeredTo() != 0, BillsNotOffered(id, caller));
        require(p.offeredTo() == to && p.end() == end, BillsOfferChanged(id));
        _endOffer(id, p, OfferWithdrawn.selector);
    }

    /// @inheritdoc IBills
    function expire(ParcelId id, uint32 from, uint32 to, uint56 end) external nonReentrantView {
        Parcel p = _parcels[id];
        require(p.offeredTo() != 0, BillsNotOffered(id, 0));
        require(p.holder() == from && p.offeredTo() == to && p.end() == end, BillsOfferChanged(id));
        require(_isOver(p), BillsOfferStands(id));
        _endOffer(id, p, OfferExpired.selector);
    }

    // --- Sell -------------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function sell(
        ParcelId id,
        uint56 amount,
        uint32 buyer,
        ISaleDesk desk,
        uint56 leastPrice,
        bytes calldata order
    ) external nonReentrant returns (ParcelId) {
        (Member by, Member bank) = pair(msg.sender, buyer);
        require(by.number() != buyer, BillsToOneself(buyer));
        require(_desks[desk], BillsUnknownDesk(address(desk)));
        require(bank.hasRole(BANK), BillsNotBank(buyer));
        BillNo billNo = id.bill();
        Terms t = _terms[billNo];
        Parcel p = _load(id, t);
        require(p.holder() == by.number(), BillsNotHolder(id, by.number()));
        _requireMovable(id, t, p, buyer, NOT_TO_BE_FINANCED);
        uint56 first = _cutPoint(id, p, amount);
        require(_allowedDesks[buyer][desk], BillsDeskNotAllowed(buyer, address(desk)));

        ISaleDesk.Sale memory sale = ISaleDesk.Sale({
            parcel: id,
            billNo: billNo,
            acceptor: t.acceptor(),
            seller: by.number(),
            buyer: buyer,
            first: first,
            amount: p.end() - first,
            due: t.due(),
            basis: t.has(BASIS_365) ? 365 : 360,
            sellerAccount: msg.sender,
            buyerAccount: bank.account()
        });
        // The desk's check runs before the title moves, its payment after: errors win in the order that {IBills} gives,
        // and neither can be re-entered.
        uint256 price = desk.agree(sale, order);
        require(price >= leastPrice, BillsPriceTooLow(price, leastPrice));
        if (first != id.first()) _parcels[id] = p.withEnd(first);
        _recordSale(id.first(), sale, price.toUint56(), desk);
        _hand(newParcelId(billNo, first), t, p, bank);
        desk.pay(sale.buyerAccount, sale.sellerAccount, price);
        return newParcelId(billNo, first);
    }

    // --- Pay --------------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function fund(BillNo billNo, uint56 amount) external nonReentrant {
        // Who only pays what it owes need not be active.
        uint32 caller = _behind(msg.sender).number();
        Terms t = _terms[billNo];
        require(t.acceptor() == caller, BillsNotAcceptor(billNo, caller));
        _payIn(billNo, t, caller, amount);
    }

    /// @inheritdoc IBills
    function payFor(BillNo billNo, uint56 amount) external nonReentrant {
        _payIn(billNo, _terms[billNo], _actor(msg.sender).number(), amount);
    }

    /// @inheritdoc IBills
    function distribute(BillNo billNo, uint56[] calldata firsts) external nonReentrant {
        Terms t = _terms[billNo];
        require(t.isActive(), BillsNotActive(billNo));
        require(_isMatured(t), BillsNotDue(billNo));
        Paid memory account = _paid[billNo];
        bytes32 hash = _trails[billNo];
        for (uint256 n = 0; n < firsts.length; ++n) {
            uint56 amount;
            (amount, hash) = _pay(billNo, t, firsts[n], account, hash);
            account.paidOut += amount;
        }
        _paid[billNo].paidOut = account.paidOut;
        _trails[billNo] = hash;
    }

    // --- Desks ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function admitDesk(ISaleDesk desk) external restricted {
        _desks[desk] = true;
        emit DeskAdmitted(address(desk));
    }

    /// @inheritdoc IBills
    function dismissDesk(ISaleDesk desk) external restricted {
        _desks[desk] = false;
        emit DeskDismissed(address(desk));
    }

    /// @inheritdoc IBills
    function allowDesk(ISaleDesk desk, bool allowed) external {
        // A bank takes its word back whatever became of its membership.
        Member bank = allowed ? _actor(msg.sender) : _behind(msg.sender);
        require(_desks[desk] || !allowed, BillsUnknownDesk(address(desk)));
        require(bank.hasRole(BANK) || !allowed, BillsNotBank(bank.number()));
        _allowedDesks[bank.number()][desk] = allowed;
        emit DeskAllowed(bank.number(), address(desk), allowed);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IBills
    function terms(BillNo billNo) external view returns (Terms) {
        return _terms[billNo];
    }

    /// @inheritdoc IBills
    function trail(BillNo billNo) external view returns (bytes32) {
        return _trails[billNo];
    }

    /// @inheritdoc IBills
    function paid(BillNo billNo) external view returns (uint56 paidIn, uint56 paidOut) {
        return (_paid[billNo].paidIn, _paid[billNo].paidOut);
    }

    /// @inheritdoc IBills
    function parcel(ParcelId id) public view returns (Parcel) {
        return _load(id, _terms[id.bill()]);
    }

    /// @inheritdoc IBills
    function parcelsFrom(
        BillNo billNo,
        uint56 first,
        uint256 limit
    ) external view returns (ParcelView[] memory views) {
        uint56 face = _terms[billNo].face();
        uint256 count;
        for (uint56 cent = first; cent < face && count < limit; ++count) {
            cent = _mustExist(newParcelId(billNo, cent)).end();
        }
        views = new ParcelView[](count);
        for (uint256 n = 0; n < count; ++n) {
            ParcelId id = newParcelId(billNo, first);
            Parcel p = parcel(id);
            views[n] = ParcelView({
                id: id,
                first: first,
                end: p.end(),
                holder: p.holder(),
                offeredTo: p.offeredTo(),
                pledgee: p.pledgee(),
                paidUpTo: p.paidUpTo(),
                offerUntil: p.offerUntil(),
                flags: p.flags()
            });
            first = p.end();
        }
    }

    /// @inheritdoc IBills
    function ledgerHash(BillNo billNo, uint56 from, uint56 to) external view returns (bytes32 hash) {
        Terms t = _terms[billNo];
        hash = keccak256(abi.encode(t, _trails[billNo], _paid[billNo].paidIn, _paid[billNo].paidOut));
        for (uint56 cent = from; cent < to && cent < t.face();) {
            Parcel p = _mustExist(newParcelId(billNo, cent));
            hash = keccak256(abi.encode(hash, cent, p));
            cent = p.end();
        }
    }

    /// @inheritdoc IBills
    function isNamed(BillNo billNo, uint32 member) external view returns (bool) {
        return _named[billNo].get(member);
    }

    /// @inheritdoc IBills
    function isDesk(ISaleDesk desk) external view returns (bool) {
        return _desks[desk];
    }

    /// @inheritdoc IBills
    function isDeskAllowed(uint32 bank, ISaleDesk desk) external view returns (bool) {
        return _allowedDesks[bank][desk];
    }

    /// @inheritdoc IBills
    function checkPayment(address from, address to, address spender) external view returns (bool) {
        _actor(from);
        if (spender != from && !_desks[ISaleDesk(spender)]) _actor(spender);
        return _isMember(to);
    }

    /// @inheritdoc IBills
    function ownerOf(uint256 parcelId) external view returns (address) {
        return accountOf(_mustExist(ParcelId.wrap(parcelId.toUint128())).holder());
    }

    /// @inheritdoc IBills
    function tokenURI(uint256 parcelId) external view returns (string memory) {
        ParcelId id = ParcelId.wrap(parcelId.toUint128());
        _mustExist(id);
        return ribbon.tokenURI(this, id);
    }

    // --- Members ----------------------------------------------------------------------------------------------------

    /// @dev No member acts through a contract of the platform: what came to rest there would have no owner.
    function _isSystem(address account) internal view override returns (bool) {
        return
            account == address(this) ||
            account == address(cash) ||
            account == address(lines) ||
            account == address(rulebook) ||
            account == address(ribbon) ||
            account == authority() ||
            _desks[ISaleDesk(account)];
    }

    /// @dev The member's deposits go with it.
    function _onMoved(address from, address to) internal override {
        cash.carryOver(from, to);
    }

    // --- Private: checks --------------------------------------------------------------------------------------------

    function _requireDueDate(uint40 due, uint8 tenorMonths) private view {
        require(due > block.timestamp && LegalDates.isDate(due), BillsInvalidDueDate(due));
        uint256 today = LegalDates.today();
        // A month has at least 28 days, so only a later due date needs the calendar.
        if (due <= today + uint256(tenorMonths) * 28 days) return;
        uint40 latest = uint40(LegalDates.addMonths(today, tenorMonths));
        require(due <= latest, BillsTenorTooLong(due, latest));
    }

    function _requireMovable(ParcelId id, Terms t, Parcel p, uint32 to, uint16 restriction) private view {
        BillNo billNo = id.bill();
        require(t.isActive(), BillsNotActive(billNo));
        require(!_isMatured(t), BillsMatured(billNo));
        require(!p.isLocked(), BillsParcelLocked(id));
        require(
            !t.has(restriction) && (!t.has(NAMED_MEMBERS_ONLY) || to == t.payee() || _named[billNo].get(to)),
            BillsRestricted(billNo)
        );
    }

    /// @dev What keeps `receiver` from receiving a parcel: a bank holds nothing that is not to be financed.
    function _barred(Member receiver) private pure returns (uint16) {
        return receiver.hasRole(BANK) ? NOT_TO_BE_FINANCED : 0;
    }

    function _isMatured(Terms t) private view returns (bool) {
        return block.timestamp >= t.due();
    }

    function _isOver(Parcel p) private view returns (bool) {
        return p.offerUntil() != 0 && block.timestamp >= p.offerUntil();
    }

    function _mustExist(ParcelId id) private view returns (Parcel p) {
        p = parcel(id);
        require(p.exists(), BillsNoSuchParcel(id));
    }

    // --- Private: parcels -------------------------------------------------------------------------------------------

    /// @dev The first parcel of an issue is not stored before it is taken: until then it follows from the terms.
    function _load(ParcelId id, Terms t) private view returns (Parcel) {
        if (t.isActive() || !t.exists() || !id.isRoot()) return _parcels[id];
        return newParcel(t.acceptor(), t.status() == STATUS_OFFERED ? t.payee() : 0, t.face(), 0, 0, 0);
    }

    function _firstParcel(BillNo billNo) private view returns (ParcelId id, Parcel p) {
        id = newParcelId(billNo, 0);
        p = parcel(id);
    }

    /// @dev Where `amount` from the right end of the parcel begins.
    function _cutPoint(ParcelId id, Parcel p, uint56 amount) private pure returns (uint56) {
        uint56 length = p.end() - id.first();
        if (amount == WHOLE || amount == length) return id.first();
        require(amount != 0, BillsInvalidAmount());
        require(amount < length, BillsAmountExceedsParcel(id, amount, length));
        return p.end() - amount;
    }

    function _endOffer(ParcelId id, Parcel p, bytes32 act) private {
        _parcels[id] = p.withOffer(0, 0);
        BillNo billNo = id.bill();
        _record(billNo, abi.encode(act, billNo, p.holder(), p.offeredTo(), id.first(), p.end())).log4();
    }

    function _cancel(BillNo billNo, Terms t, uint32 by, Backing calldata backing) private {
        bytes32 invoicesHash = keccak256(abi.encode(backing.invoices));
        bytes32 hash = Acts.extend(0, _issueAct(billNo, t, backing.documentHash, invoicesHash));
        if (t.has(NAMED_MEMBERS_ONLY)) hash = Acts.extend(hash, _namingAct(billNo, backing.named));
        require(_trails[billNo] == hash, BillsWrongBacking(billNo));
        _terms[billNo] = t.withStatus(STATUS_CANCELLED);
        _record(billNo, abi.encode(BillCancelled.selector, billNo, by)).log3();
        if (backing.invoices.length != 0) _free(billNo, t.payee(), backing.invoices);
    }

    /// @dev Gives the piece `[first, end)` of `p` to `to`. What a bank holds of an acceptor's paper uses its line on it, in
    /// whatever way it came; a bank needs none on itself. No line can be exceeded, because this is the only way to a new holder.
    function _hand(ParcelId id, Terms t, Parcel p, Member to) private {
        uint32 acceptor = t.acceptor();
        bool usesLine = to.hasRole(BANK) && to.number() != acceptor;
        _parcels[id] = p.withHolder(to.number(), usesLine ? PARCEL_FINANCED : 0);
        uint56 length = p.end() - id.first();
        if (p.isFinanced()) lines.freeLine(p.holder(), acceptor, length);
        if (usesLine) lines.useLine(to.number(), acceptor, length);
    }

    // --- Private: money ---------------------------------------------------------------------------------------------

    function _payIn(BillNo billNo, Terms t, uint32 payer, uint56 amount) private {
        require(t.isActive(), BillsNotActive(billNo));
        require(amount != 0, BillsInvalidAmount());
        Paid storage account = _paid[billNo];
        uint56 before = account.paidIn;
        require(amount <= t.face() - before, BillsOverpaid(billNo, amount, t.face() - before));

        account.paidIn = before + amount;
        _record(billNo, abi.encode(BillFunded.selector, billNo, payer, amount, before + amount)).log3();
        IERC20(address(cash)).safeTransferFrom(msg.sender, address(this), amount);
    }

    function _pay(
        BillNo billNo,
        Terms t,
        uint56 first,
        Paid memory account,
        bytes32 hash
    ) private returns (uint56 amount, bytes32) {
        ParcelId id = newParcelId(billNo, first);
        Parcel p = _parcels[id];
        require(p.exists(), BillsNoSuchParcel(id));
        (uint256 out, uint256 upTo) = Parcels.payout(
            first,
            p.end(),
            account.paidIn,
            p.paidUpTo(),
            t.face(),
            account.paidIn - account.paidOut
        );
        if (upTo == p.paidUpTo()) return (0, hash);
        amount = uint56(out);

        _parcels[id] = p.withPaidUpTo(uint56(upTo));
        bytes memory act = abi.encode(ParcelPaid.selector, billNo, p.holder(), first, p.end(), amount, upTo);
        hash = Acts.extend(hash, act);
        act.log3();
        if (amount != 0) {
            if (p.isFinanced()) lines.freeLine(p.holder(), t.acceptor(), amount);
            IERC20(address(cash)).safeTransfer(accountOf(p.holder()), amount);
        }
        return (amount, hash);
    }

    // --- Private: trail ---------------------------------------------------------------------------------------------

    function _recordSale(uint56 cutFrom, ISaleDesk.Sale memory s, uint56 price, ISaleDesk desk) private {
        uint56 end = s.first + s.amount;
        _record(
            s.billNo,
            abi.encode(ParcelSold.selector, s.billNo, s.seller, s.buyer, cutFrom, s.first, end, price, desk)
        ).log4();
    }

    /// @dev Writes the act into the trail and gives it back to be logged.
    function _record(BillNo billNo, bytes memory act) private returns (bytes memory) {
        _trails[billNo] = Acts.extend(_trails[billNo], act);
        return act;
    }

    /// @dev {MembersNamed}, as it is logged and as a backing is proved.
    function _namingAct(BillNo billNo, uint32[] calldata named) private pure returns (bytes memory) {
        return bytes.concat(abi.encode(MembersNamed.selector, billNo), abi.encode(named));
    }

    /// @dev {BillIssued}, as it is logged and as a backing is proved.
    function _issueAct(
        BillNo billNo,
        Terms t,
        bytes32 documentHash,
        bytes32 invoicesHash
    ) private pure returns (bytes memory) {
        return
            abi.encode(
                BillIssued.selector,
                billNo,
                t.acceptor(),
                t.payee(),
                t.due(),
                t.face(),
                t.kind(),
                t.termFlags(),
                t.rulePack(),
                t.currency(),
                documentHash,
                invoicesHash
            );
    }
}

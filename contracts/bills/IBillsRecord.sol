// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDepositToken} from "../cash/IDepositToken.sol";
import {ICreditLines} from "../finance/ICreditLines.sol";
import {IRulebook} from "../rules/IRulebook.sol";
import {IInvoiceRegistry} from "../trade/IInvoiceRegistry.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";

/**
 * @title IBillsRecord
 * @notice What the ledger of bills is told, records and answers: the part of {IBills} that both its halves speak.
 */
interface IBillsRecord {
    /// @notice What the ledger trusts, fixed for good when it is made.
    /// @param ribbon The {Ribbon} that draws it.
    /// @param currency ISO 4217 numeric code.
    struct Parts {
        address accessManager;
        IRulebook rulebook;
        ICreditLines lines;
        IDepositToken cash;
        address ribbon;
        uint16 currency;
    }

    /// @notice What an acceptor confirms.
    /// @param serial The acceptor's own number for the bill, unused so far; the bill is `acceptor << 32 | serial`.
    /// @param due Instant at which the due date begins in Asia/Shanghai.
    /// @param face Minor units.
    /// @param restrictions `NOT_TO_BE_PASSED_ON | NOT_TO_BE_FINANCED | NAMED_MEMBERS_ONLY`.
    /// @param rulePack The pack in force, by its number.
    /// @param documentHash Hash of the full terms and documents.
    /// @param invoices What backs it.
    /// @param named With `NAMED_MEMBERS_ONLY`: who may hold it besides its payee.
    struct Issue {
        uint32 serial;
        uint32 payee;
        uint40 due;
        uint56 face;
        uint16 restrictions;
        uint16 rulePack;
        bytes32 documentHash;
        IInvoiceRegistry.InvoiceUse[] invoices;
        uint32[] named;
    }

    /// @notice What an issue was backed by and who was named, shown again when it comes to nothing. The trail proves it, so nothing
    /// of it is stored.
    struct Backing {
        bytes32 documentHash;
        IInvoiceRegistry.InvoiceUse[] invoices;
        uint32[] named;
    }

    struct ParcelView {
        ParcelId id;
        uint56 first;
        uint56 end;
        uint32 holder;
        uint32 offeredTo;
        uint32 pledgee;
        uint56 paidUpTo;
        uint40 offerUntil;
        uint8 flags;
    }

    // --- Acts: each extends the bill's trail ------------------------------------------------------------------------

    /// @notice A bill was issued and offered to its payee.
    event BillIssued(
        BillNo indexed billNo,
        uint32 indexed acceptor,
        uint32 indexed payee,
        uint40 due,
        uint56 face,
        uint8 kind,
        uint16 flags,
        uint16 rulePack,
        uint16 currency,
        bytes32 documentHash,
        bytes32 invoicesHash
    );
    /// @notice Follows {BillIssued} with `NAMED_MEMBERS_ONLY`: who may hold the bill besides its payee.
    event MembersNamed(BillNo indexed billNo, uint32[] named);
    /// @notice The payee signed for the bill and holds all of it.
    event BillTaken(BillNo indexed billNo, uint32 indexed payee);
    /// @notice The issue came to nothing: `by` is the payee (refused), the acceptor (withdrawn) or 0 (lapsed).
    event BillCancelled(BillNo indexed billNo, uint32 indexed by);
    /// @notice `[first, end)` was offered. It was cut from the parcel that begins at `cutFrom`; all of it if equal.
    event ParcelOffered(
        BillNo indexed billNo,
        uint32 indexed holder,
        uint32 indexed offeredTo,
        uint56 cutFrom,
        uint56 first,
        uint56 end,
        uint40 until
    );
    event ParcelTaken(
        BillNo indexed billNo,
        uint32 indexed from,
        uint32 indexed to,
        uint56 first,
        uint56 end
    );
    event OfferRefused(
        BillNo indexed billNo,
        uint32 indexed holder,
        uint32 indexed by,
        uint56 first,
        uint56 end
    );
    event OfferWithdrawn(
        BillNo indexed billNo,
        uint32 indexed holder,
        uint32 indexed from,
        uint56 first,
        uint56 end
    );
    event OfferExpired(
        BillNo indexed billNo,
        uint32 indexed holder,
        uint32 indexed from,
        uint56 first,
        uint56 end
    );
    /// @notice The offer of `[first, end)` can be taken for longer: before `until`, or with 0 until maturity.
    event OfferExtended(
        BillNo indexed billNo,
        uint32 indexed holder,
        uint32 indexed offeredTo,
        uint56 first,
        uint56 end,
        uint40 until
    );
    /// @notice Passed on in one step to a member with standing acceptance.
    event ParcelPassedOn(
        BillNo indexed billNo,
        uint32 indexed from,
        uint32 indexed to,
        uint56 cutFrom,
        uint56 first,
        uint56 end
    );
    /// @notice Sold to a bank through `desk` for `price`.
    event ParcelSold(
        BillNo indexed billNo,
        uint32 indexed seller,
        uint32 indexed buyer,
        uint56 cutFrom,
        uint56 first,
        uint56 end,
        uint56 price,
        address desk
    );
    /// @notice `payer`, the acceptor or a member for it, paid in `amount`; `paidIn` is the sum so far.
    event BillFunded(BillNo indexed billNo, uint32 indexed payer, uint56 amount, uint56 paidIn);
    /// @notice The holder of `[first, end)` was paid `amount` and is now paid up to `paidUpTo` of the sum paid in.
    event ParcelPaid(
        BillNo indexed billNo,
        uint32 indexed holder,
        uint56 first,
        uint56 end,
        uint56 amount,
        uint56 paidUpTo
    );

    // --- Not an act on a bill ---------------------------------------------------------------------------------------

    event DeskAdmitted(address indexed desk);
    event DeskDismissed(address indexed desk);
    /// @notice `bank` lets `desk` say yes for it, or no longer.
    event DeskAllowed(uint32 indexed bank, address indexed desk, bool allowed);

    // --- Errors, in the order in which they win ---------------------------------------------------------------------
    // Before them come those of {IParticipants}: unknown member, then not active.

    /// @dev A member cannot offer, issue or sell to itself.
    error BillsToOneself(uint32 member);
    error BillsSerialUsed(BillNo billNo);
    /// @dev The pack rules another kind of instrument than this ledger issues.
    error BillsWrongKind(uint16 rulePack);
    error BillsUnknownRestriction(uint16 restrictions);
    error BillsUnknownDesk(address desk);
    /// @dev The document or the invoices are not those of the issue.
    error BillsWrongBacking(BillNo billNo);
    error BillsNoSuchParcel(ParcelId id);
    error BillsNotCoreEnterprise(uint32 caller);
    error BillsNotBank(uint32 buyer);
    error BillsNotAcceptor(BillNo billNo, uint32 caller);
    error BillsNotHolder(ParcelId id, uint32 caller);
    error BillsNotOffered(ParcelId id, uint32 caller);
    /// @dev Holder, receiver or end of the parcel are no longer those that were named.
    error BillsOfferChanged(ParcelId id);
    error BillsOfferExpired(ParcelId id, uint40 until);
    error BillsNotActive(BillNo billNo);
    error BillsMatured(BillNo billNo);
    /// @dev The offer or the issue stands still: it cannot be ended by anybody, and an offer stands as long as it would be extended to.
    error BillsOfferStands(ParcelId id);
    error BillsNotDue(BillNo billNo);
    error BillsParcelLocked(ParcelId id);
    error BillsRestricted(BillNo billNo);
    error BillsInvalidAmount();
    error BillsAmountExceedsParcel(ParcelId id, uint56 amount, uint56 length);
    error BillsInvalidDueDate(uint40 due);
    error BillsTenorTooLong(uint40 due, uint40 latest);
    /// @dev The bank has not named the desk as one that may act for it.
    error BillsDeskNotAllowed(uint32 bank, address desk);
    /// @dev The order's price is below the seller's least.
    error BillsPriceTooLow(uint256 price, uint56 leastPrice);
    error BillsOverpaid(BillNo billNo, uint56 amount, uint56 open);
}

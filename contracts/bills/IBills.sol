// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {IParticipants} from "../participants/IParticipants.sol";
import {IInvoiceRegistry} from "../trade/IInvoiceRegistry.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";
import {Terms} from "./Terms.sol";

/**
 * @title IBills
 * @notice The ledger of bills: who holds which cents of what was confirmed.
 *
 * A bill with face value F is the line `[0, F)` of minor units; a parcel is a piece `[first, end)` of it with one holder.
 * A part is always cut from the right end. Every event whose first argument is `billNo` is an act on that bill and
 * extends its trail: `trail' = keccak256(trail ‖ keccak256(topics ‖ data of the log))`, from zero.
 *
 * Who answers an offer names what was offered (holder, receiver, end): what was signed for is what is taken, or nothing is.
 *
 * The ledger keeps the register of its members ({IParticipants}) and the book of invoices ({IInvoiceRegistry}) itself:
 * every act asks for its parties, and an answer from another contract costs more than the act's own checks.
 *
 * When several errors fit, the one that stands first in the error list below wins.
 */
interface IBills is IParticipants, IInvoiceRegistry {
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
        InvoiceUse[] invoices;
        uint32[] named;
    }

    /// @notice What an issue was backed by and who was named, shown again when it comes to nothing. The trail proves it, so nothing of it is
    /// stored.
    struct Backing {
        bytes32 documentHash;
        InvoiceUse[] invoices;
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
    /// @dev The offer or the issue stands still.
    error BillsOfferStands(ParcelId id);
    error BillsNotActive(BillNo billNo);
    error BillsMatured(BillNo billNo);
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

    // --- Issue ------------------------------------------------------------------------------------------------------

    /// @notice The calling core enterprise issues a bill and offers it to its payee.
    function issue(Issue calldata terms) external returns (BillNo);

    /// @notice The payee signs for a bill that was issued to it, or a member for a parcel that was offered to it: the piece
    /// `[first, end)` of the holder `from`, both of whom must be active. A bank's line on the acceptor is used by it.
    function take(ParcelId id, uint32 from, uint56 end) external;

    /// @notice The payee refuses a bill that was issued to it; its invoices are free again.
    function refuseIssue(BillNo billNo, Backing calldata backing) external;

    /// @notice The acceptor withdraws a bill that has not been signed for; its invoices are free again.
    function withdrawIssue(BillNo billNo, Backing calldata backing) external;

    /// @notice Anybody ends a bill that nobody had signed for when it fell due; its invoices are free again.
    function expireIssue(BillNo billNo, Backing calldata backing) external;

    // --- Pass on ----------------------------------------------------------------------------------------------------

    /// @notice The holder offers `amount` cents from the right end of a parcel. Completes at once if the receiver has given
    /// a standing acceptance that covers it. A bank cannot receive what is `NOT_TO_BE_FINANCED`.
    /// @param amount Minor units; `type(uint56).max` for all of it.
    /// @param until Instant from which it can no longer be taken; 0 for until maturity.
    /// @return The parcel that was offered.
    function offer(ParcelId id, uint56 amount, uint32 to, uint40 until) external returns (ParcelId);

    /// @notice The member to which `from` offered `[first, end)` refuses it. What was cut stays cut.
    function refuse(ParcelId id, uint32 from, uint56 end) external;

    /// @notice The holder withdraws its offer of `[first, end)` to `to`. What was cut stays cut.
    function withdraw(ParcelId id, uint32 to, uint56 end) external;

    /// @notice Anybody ends an offer of `[first, end)` by `from` to `to` whose time is over.
    function expire(ParcelId id, uint32 from, uint32 to, uint56 end) external;

    // --- Sell -------------------------------------------------------------------------------------------------------

    /// @notice The holder sells `amount` cents from the right end of a parcel to the bank `buyer`, through an admitted desk,
    /// that the bank allows, against the bank's `order`: cash against title, and the bank's line on the acceptor is used, or
    /// nothing happens.
    /// @param amount Minor units; `type(uint56).max` for all of it.
    /// @param leastPrice Minor units; the seller gets this or more.
    /// @return The parcel that was sold.
    function sell(
        ParcelId id,
        uint56 amount,
        uint32 buyer,
        ISaleDesk desk,
        uint56 leastPrice,
        bytes calldata order
    ) external returns (ParcelId);

    // --- Pay --------------------------------------------------------------------------------------------------------

    /// @notice The acceptor, suspended or not, pays in `amount` minor units, at any time; it stays the bill's. Needs an
    /// allowance for this contract on the deposit token.
    function fund(BillNo billNo, uint56 amount) external;

    /// @notice As {fund}, by any active member for the acceptor. Who pays so gets nothing for it.
    function payFor(BillNo billNo, uint56 amount) external;

    /// @notice Anybody, from the due date on: pays the holders of the parcels that begin at `firsts` what they are owed so
    /// far. Again after each {fund}; what was paid is not paid twice.
    function distribute(BillNo billNo, uint56[] calldata firsts) external;

    // --- Desks ------------------------------------------------------------------------------------------------------

    /// @notice Admits or dismisses a desk. Through the access manager, with its delay.
    function admitDesk(ISaleDesk desk) external;

    function dismissDesk(ISaleDesk desk) external;

    /// @notice The calling bank names a desk that may say yes for it, or takes that back. Admission alone lets a desk press
    /// nothing on anybody.
    function allowDesk(ISaleDesk desk, bool allowed) external;

    // --- Views ------------------------------------------------------------------------------------------------------

    function terms(BillNo billNo) external view returns (Terms);

    /// @notice The hash chain over all acts on the bill.
    function trail(BillNo billNo) external view returns (bytes32);

    function paid(BillNo billNo) external view returns (uint56 paidIn, uint56 paidOut);

    /// @notice The parcel by its id; the first parcel of an issue that is not signed for is the acceptor's, offered to the
    /// payee.
    function parcel(ParcelId id) external view returns (Parcel);

    /// @notice At most `limit` parcels of a bill, in order, from the one that begins at `first` on.
    function parcelsFrom(
        BillNo billNo,
        uint56 first,
        uint256 limit
    ) external view returns (ParcelView[] memory);

    /// @notice One hash of what is stored of a bill and of its parcels that begin in `[from, to)`, `from` the beginning of one:
    /// `h = keccak256(terms ‖ trail ‖ paidIn ‖ paidOut)` as words, then `h = keccak256(h ‖ first ‖ parcel)` for each parcel in
    /// order. Who proves a part need not walk what others have cut; `[0, face)` is the whole bill.
    function ledgerHash(BillNo billNo, uint56 from, uint56 to) external view returns (bytes32);

    function isNamed(BillNo billNo, uint32 member) external view returns (bool);

    function isDesk(ISaleDesk desk) external view returns (bool);

    function isDeskAllowed(uint32 bank, ISaleDesk desk) external view returns (bool);

    /// @notice Whether `to`, where deposits go from `from` by the hand of `spender`, is a member's account. Reverts unless the other
    /// two are active members; a desk need not be one. One question of the deposit token instead of three.
    function checkPayment(address from, address to, address spender) external view returns (bool);

    /// @notice The account that holds a parcel. As in ERC-721; this contract does not claim that interface.
    function ownerOf(uint256 parcelId) external view returns (address);

    /// @notice A JSON document with a picture of the bill's line, as a data URI.
    function tokenURI(uint256 parcelId) external view returns (string memory);
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BillNo, ParcelId} from "../bills/ParcelId.sol";
import {ISaleDesk} from "./ISaleDesk.sol";

/**
 * @title IFinancingDesk
 * @notice Sale of a parcel against a bank's signed quote. The quote is EIP-712, signed off chain by the bank's account
 * (ECDSA or ERC-1271), so a price is seen by nobody before it is taken.
 */
interface IFinancingDesk is ISaleDesk {
    /// @notice What a bank offers. Amounts are minor units.
    /// @param scope What `subject` names: 0 a parcel (by id), 1 a bill (by number), 2 an obligor (by member number).
    /// @param seller The only member that may take it; 0 for anybody.
    /// @param amount Most that is bought under it, over all fills.
    /// @param ratePpm Discount rate, parts per million a year.
    /// @param fee Of the whole amount; a part bears its part.
    /// @param recourse 0 without, 1 with, 2 limited; `recourseTerms` is the hash of the agreed text.
    /// @param validUntil Instant after which it is refused.
    /// @param nonce The bank's number for it: fills and cancellation are booked under bank and nonce.
    struct Quote {
        uint32 bank;
        uint8 scope;
        uint128 subject;
        uint32 seller;
        uint16 currency;
        uint56 amount;
        uint32 ratePpm;
        uint56 fee;
        uint8 recourse;
        bytes32 recourseTerms;
        uint40 validUntil;
        uint64 nonce;
    }

    /// @notice A piece was sold under a quote: `price = amount − interest − fee` went from bank to seller.
    event QuoteFilled(
        uint32 indexed bank,
        uint64 indexed nonce,
        BillNo indexed billNo,
        uint32 seller,
        uint56 first,
        uint56 amount,
        uint32 ratePpm,
        uint56 interest,
        uint56 fee,
        uint56 price,
        uint8 recourse,
        bytes32 recourseTerms
    );
    event QuoteCancelled(uint32 indexed bank, uint64 indexed nonce);

    error FinancingDeskNotBills(address caller);
    /// @dev The account is no member's.
    error FinancingDeskNotMember(address account);
    /// @dev The quote is for another buyer, seller, currency, parcel, bill or obligor.
    error FinancingDeskQuoteMismatch(uint32 bank, uint64 nonce);
    error FinancingDeskInvalidSignature(uint32 bank, uint64 nonce);
    /// @dev Past `validUntil`, or cancelled by the bank.
    error FinancingDeskQuoteExpired(uint32 bank, uint64 nonce);
    error FinancingDeskQuoteExceeded(uint32 bank, uint64 nonce, uint56 left);
    /// @dev Interest and fee take up the whole amount.
    error FinancingDeskNoPrice(uint56 amount, uint256 interest, uint256 fee);

    /// @notice The calling bank, suspended or not, withdraws a quote.
    function cancel(uint64 nonce) external;

    /// @notice What has been bought under a quote, and whether it was cancelled.
    function filled(uint32 bank, uint64 nonce) external view returns (uint56 amount, bool cancelled);

    /// @notice The EIP-712 digest that the bank's account signs.
    function digestOf(Quote calldata quote) external view returns (bytes32);
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {IBillsRecord} from "./IBillsRecord.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";

/**
 * @title IBillsHot
 * @notice What {Bills} does itself: the acts that are done every day, and what other contracts ask while they are done.
 */
interface IBillsHot is IBillsRecord {
    // --- Issue ------------------------------------------------------------------------------------------------------

    /// @notice The calling core enterprise issues a bill and offers it to its payee.
    function issue(Issue calldata terms) external returns (BillNo);

    // --- Pass on ----------------------------------------------------------------------------------------------------

    /// @notice The holder offers `amount` cents from the right end of a parcel. Completes at once if the receiver has given
    /// a standing acceptance that covers it. A bank cannot receive what is `NOT_TO_BE_FINANCED`.
    /// @param amount Minor units; `type(uint56).max` for all of it.
    /// @param until Instant from which it can no longer be taken; 0 for until maturity.
    /// @return The parcel that was offered.
    function offer(ParcelId id, uint56 amount, uint32 to, uint40 until) external returns (ParcelId);

    /// @notice The payee signs for a bill that was issued to it, or a member for a parcel that was offered to it: the piece
    /// `[first, end)` of the holder `from`, both of whom must be active. A bank's line on the acceptor is used by it.
    function take(ParcelId id, uint32 from, uint56 end) external;

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

    // --- Asked by other contracts ------------------------------------------------------------------------------------

    /// @notice Whether `to`, where deposits go from `from` by the hand of `spender`, is a member's account. Reverts unless the other
    /// two are active members; a desk need not be one. One question of the deposit token instead of three.
    function checkPayment(address from, address to, address spender) external view returns (bool);

    /// @notice The contract to which {Bills} passes each call that it does not know.
    function extension() external view returns (address);
}

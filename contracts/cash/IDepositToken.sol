// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/**
 * @title IDepositToken
 * @notice Tokenised deposits of one currency. Each settlement bank has a book of its own: what it issued against money that it
 * holds, up to a cap, and what it is asked to pay out. Only members hold deposits. The operator cannot make, move or destroy
 * any.
 */
interface IDepositToken is IERC20 {
    /// @notice `bank` issued `amount` to `member` against a deposit; `booking` is the hash of the bank's booking.
    event Deposited(uint32 indexed bank, uint32 indexed member, uint64 amount, bytes32 booking);
    /// @notice `member` asked `bank` to pay out `amount`, which is locked until the bank has answered.
    event RedemptionRequested(
        uint64 indexed redemption,
        uint32 indexed bank,
        uint32 indexed member,
        uint64 amount
    );
    /// @notice The bank has paid; `payment` is the hash of its payment reference.
    event RedemptionConfirmed(
        uint64 indexed redemption,
        uint32 indexed bank,
        uint32 indexed member,
        uint64 amount,
        bytes32 payment
    );
    /// @notice The bank does not pay; the member has its deposits back.
    event RedemptionRefused(
        uint64 indexed redemption,
        uint32 indexed bank,
        uint32 indexed member,
        uint64 amount,
        bytes32 reasonHash
    );
    event CapSet(uint32 indexed bank, uint64 cap);

    error DepositTokenNotBills(address caller);
    /// @dev The account is no member's.
    error DepositTokenNotMember(address account);
    error DepositTokenNotSettlementBank(uint32 member);
    error DepositTokenInvalidAmount();
    /// @dev The bank could issue `left` more.
    error DepositTokenCapExceeded(uint32 bank, uint64 amount, uint64 left);
    /// @dev Of what the bank issued `left` is neither paid out nor asked for.
    error DepositTokenBeyondIssued(uint32 bank, uint64 amount, uint64 left);
    /// @dev There is no such redemption at the calling bank that waits for an answer.
    error DepositTokenNoRedemption(uint64 redemption, uint32 caller);
    error DepositTokenReasonMissing(uint64 redemption);

    /// @notice Sets how much a settlement bank may have issued at once; less than it has stops new deposits only. Governance only,
    /// with delay.
    function setCap(uint32 bank, uint64 cap) external;

    /// @notice The calling settlement bank issues `amount` minor units to a member.
    function deposit(uint32 member, uint64 amount, bytes32 booking) external;

    /// @notice The calling member asks `bank` to pay out `amount`, at most what that bank issued and was not asked for yet.
    /// @return redemption Its number.
    function requestRedemption(uint32 bank, uint64 amount) external returns (uint64 redemption);

    /// @notice The named bank, suspended or not, has paid: the deposits are gone, and it owes so much less.
    function confirmRedemption(uint64 redemption, bytes32 payment) external;

    /// @notice The named bank, suspended or not, does not pay, for a reason.
    function refuseRedemption(uint64 redemption, bytes32 reasonHash) external;

    /// @notice Moves all deposits of an account to another, because its member has moved there. Only the ledger of bills.
    function carryOver(address from, address to) external;

    /// @notice A settlement bank's book: how much it may have issued, has issued, and is asked to pay out of that.
    function book(uint32 bank) external view returns (uint64 cap, uint64 issued, uint64 pending);

    /// @notice A redemption that waits for the bank's answer; zeros if there is none.
    function redemption(uint64 number) external view returns (uint32 bank, uint32 member, uint64 amount);

    /// @notice ISO 4217 numeric code.
    function currency() external view returns (uint16);
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title IOrgAccount
 * @notice A firm's account: what its signers sign, anybody may relay.
 *
 * Signers are ERC-7913 (`address` for ECDSA and contracts, `verifier ‖ key` for P-256 and others) with weights; a batch
 * acts when the weights of those who signed reach the threshold (maker and checker: two of weight 1, threshold 2).
 * A signature is `abi.encode(bytes[] signers, bytes[] signatures)`, ordered by `keccak256(signer)`.
 */
interface IOrgAccount {
    struct Call {
        address target;
        bytes data;
    }

    /// @notice The batch signed under `nonce` was carried out whole.
    event Executed(uint256 indexed nonce);

    error OrgAccountNonceUsed(uint256 nonce);
    error OrgAccountExpired(uint40 validUntil);
    error OrgAccountInvalidSignature();
    /// @dev The function is the account's own: reach it by a signed batch that calls the account.
    error OrgAccountNotSelf(address caller);
    /// @dev The rehearsal would have succeeded.
    error OrgAccountRehearsed();

    /// @notice Makes all of `calls`, or none. EIP-712:
    /// `Execute(Call[] calls,uint256 nonce,uint40 validUntil)Call(address target,bytes data)`.
    /// @param nonce Any unused number; independent acts use different ones and run in any order.
    /// @param validUntil Instant after which the batch is refused.
    function execute(
        Call[] calldata calls,
        uint256 nonce,
        uint40 validUntil,
        bytes calldata signature
    ) external;

    /// @notice Makes `calls` and always reverts: with {OrgAccountRehearsed}, or with the error of the first that fails.
    /// For `eth_call`, to learn what a batch would do before anybody signs it. Nobody can change anything with it.
    function rehearse(Call[] calldata calls) external;

    /// @notice Makes unused nonces `word·256 + i`, for each bit i of `mask`, unusable. Self only.
    function cancelNonces(uint256 word, uint256 mask) external;

    /// @notice Replaces signers: removes, adds with weights, sets the threshold. Self only.
    function changeSigners(
        bytes[] calldata removed,
        bytes[] calldata added,
        uint64[] calldata weights,
        uint64 threshold_
    ) external;

    /// @notice The used nonces of `word·256 … word·256 + 255`, as bits.
    function usedNonces(uint256 word) external view returns (uint256);

    /// @notice The EIP-712 digest that signers sign for a batch.
    function digestOf(
        Call[] calldata calls,
        uint256 nonce,
        uint40 validUntil
    ) external view returns (bytes32);
}

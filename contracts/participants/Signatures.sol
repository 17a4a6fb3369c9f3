// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title Signatures
 * @notice Takes `abi.encode(bytes[] signers, bytes[] signatures)` apart without copying it.
 * @dev `abi.decode` reverts where this says no, and ERC-1271 has to answer no. What OpenZeppelin's MultiSignerERC7913 does is private there.
 */
library Signatures {
    /// @return ok Whether both lists lie within `signature` and are equally long. Each element is checked when it is read.
    function split(
        bytes calldata signature
    ) internal pure returns (bool ok, bytes[] calldata signers, bytes[] calldata signatures) {
        assembly ("memory-safe") {
            signers.offset := 0
            signers.length := 0
            signatures.offset := 0
            signatures.length := 0
        }
        if (signature.length < 64) return (false, signers, signatures);
        uint256 first = uint256(bytes32(signature));
        uint256 second = uint256(bytes32(signature[32:]));
        uint256 last = signature.length - 32;
        if (first > last || second > last) return (false, signers, signatures);
        uint256 count = uint256(bytes32(signature[first:]));
        if (count != uint256(bytes32(signature[second:]))) return (false, signers, signatures);
        if (count > (last - first) / 32 || count > (last - second) / 32) return (false, signers, signatures);
        assembly ("memory-safe") {
            signers.offset := add(add(signature.offset, first), 32)
            signers.length := count
            signatures.offset := add(add(signature.offset, second), 32)
            signatures.length := count
        }
        return (true, signers, signatures);
    }
}

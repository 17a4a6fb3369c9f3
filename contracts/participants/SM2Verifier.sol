// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {SM2} from "./SM2.sol";

/**
 * @title SM2Verifier
 * @notice Lets accounts have SM2 keys as signers (ERC-7913): a key is x ‖ y, a signature r ‖ s, and what is signed is the digest
 * as a message of 32 bytes, hashed by SM3 with the ZA of the identity "1234567812345678", as a UKey does.
 */
contract SM2Verifier is IERC7913SignatureVerifier {
    /// @inheritdoc IERC7913SignatureVerifier
    function verify(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external pure returns (bytes4) {
        if (key.length != 64 || signature.length != 64) return 0xffffffff;
        (uint256 x, uint256 y) = abi.decode(key, (uint256, uint256));
        (uint256 r, uint256 s) = abi.decode(signature, (uint256, uint256));
        return
            SM2.verify(SM2.hashOf(hash, x, y), r, s, x, y)
                ? IERC7913SignatureVerifier.verify.selector
                : bytes4(0xffffffff);
    }
}

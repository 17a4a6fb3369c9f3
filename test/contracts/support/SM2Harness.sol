// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SM2} from "../../../contracts/participants/SM2.sol";
import {SM3} from "../../../contracts/participants/SM3.sol";

/// @notice Lets tests in TypeScript call SM2 and SM3 apart from the verifier.
contract SM2Harness {
    function sm3(bytes memory message) external pure returns (bytes32) {
        return SM3.hash(message);
    }

    function hashOf(bytes32 message, uint256 x, uint256 y) external pure returns (bytes32) {
        return bytes32(SM2.hashOf(message, x, y));
    }

    function verify(bytes32 e, uint256 r, uint256 s, uint256 x, uint256 y) external pure returns (bool) {
        return SM2.verify(uint256(e), r, s, x, y);
    }
}

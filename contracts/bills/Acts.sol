// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/**
 * @title Acts
 * @notice An act on a bill is written once, `abi.encode(selector, topics…, data…)`, and from these words both its log and its
 * link in the bill's trail are made: the two cannot differ.
 */
library Acts {
    /// @notice The trail after the act.
    function extend(bytes32 trail, bytes memory act) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(trail, keccak256(act));
    }

    /// @notice Logs an act whose first word is the event's selector and whose next is indexed: `emit`, from words that are
    /// encoded already. The tests decode every log by its event's declaration.
    function log2(bytes memory act) internal {
        assembly ("memory-safe") {
            log2(add(act, 0x60), sub(mload(act), 0x40), mload(add(act, 0x20)), mload(add(act, 0x40)))
        }
    }

    /// @notice As {log2}, for two indexed words.
    function log3(bytes memory act) internal {
        assembly ("memory-safe") {
            log3(
                add(act, 0x80),
                sub(mload(act), 0x60),
                mload(add(act, 0x20)),
                mload(add(act, 0x40)),
                mload(add(act, 0x60))
            )
        }
    }

    /// @notice As {log2}, for three indexed words.
    function log4(bytes memory act) internal {
        assembly ("memory-safe") {
            log4(
                add(act, 0xa0),
                sub(mload(act), 0x80),
                mload(add(act, 0x20)),
                mload(add(act, 0x40)),
                mload(add(act, 0x60)),
                mload(add(act, 0x80))
            )
        }
    }
}

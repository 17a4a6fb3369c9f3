// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {IBillsRecord} from "./IBillsRecord.sol";
import {BillNo} from "./ParcelId.sol";
import {Terms} from "./Terms.sol";

/**
 * @title Acts
 * @notice An act on a bill is written once, `abi.encode(selector, topics…, data…)`, and from these words both its log and its
 * link in the bill's trail are made: the two cannot differ. Each act is encoded in one place: beside the change that it records, or here
 * where it is also proved.
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

    /// @notice {IBillsRecord-BillIssued}, as it is logged and as a backing is proved.
    function billIssued(
        BillNo billNo,
        Terms t,
        bytes32 documentHash,
        bytes32 invoicesHash
    ) internal pure returns (bytes memory) {
        return
            abi.encode(
                IBillsRecord.BillIssued.selector,
                billNo,
                t.acceptor(),
                t.payee(),
                t.due(),
                t.face(),
                t.kind(),
                t.termFlags(),
                t.rulePack(),
                t.currency(),
                documentHash,
                invoicesHash
            );
    }

    /// @notice {IBillsRecord-MembersNamed}, as it is logged and as a backing is proved.
    function membersNamed(BillNo billNo, uint32[] calldata named) internal pure returns (bytes memory) {
        return bytes.concat(abi.encode(IBillsRecord.MembersNamed.selector, billNo), abi.encode(named));
    }
}

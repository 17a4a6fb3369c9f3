// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IOrgAccount} from "./IOrgAccount.sol";
import {IRelay} from "./IRelay.sol";
import {OrgAccountFactory} from "./OrgAccountFactory.sol";

/**
 * @title Relay
 * @notice See {IRelay}. Keeps nothing, owns nothing, trusts nobody.
 */
contract Relay is IRelay {
    /// @dev Bytes of a reason that are kept. Ours are at most 132 long.
    uint256 private constant REASON = 256;
    /// @dev What it takes to make the call, write the longest event and end: some 9,000, and room.
    uint256 private constant RESERVE = 20_000;

    /// @dev Accounts are clones of one implementation, so they all have the same code.
    bytes32 private immutable _accountCode;
    bool private transient _isRelaying;

    constructor(OrgAccountFactory factory) {
        _accountCode = Clones.clone(factory.implementation()).codehash;
    }

    /// @inheritdoc IRelay
    function relay(Act[] calldata acts) external {
        require(!_isRelaying, RelayReentered());
        _isRelaying = true;
        for (uint256 i = 0; i < acts.length; ++i) {
            Act calldata act = acts[i];
            if (act.account.codehash != _accountCode) {
                emit ActFailed(i, abi.encodeWithSelector(RelayForeignAccount.selector, act.account));
            } else if (!_carry(i, act.account, act.gas, act.execution)) {
                break;
            }
        }
        _isRelaying = false;
    }

    /// @return isBegun Whether there was gas enough to begin.
    function _carry(
        uint256 index,
        address account,
        uint256 most,
        bytes calldata execution
    ) private returns (bool isBegun) {
        bytes4 selector = IOrgAccount.execute.selector;
        uint256 input;
        // Beyond the memory in use, and used again by the next act.
        assembly ("memory-safe") {
            input := mload(0x40)
            mstore(input, selector)
            calldatacopy(add(input, 4), execution.offset, execution.length)
        }
        // A call is given at most 63/64 of what is left.
        uint256 left = gasleft();
        if (left < RESERVE || (left - RESERVE) - (left - RESERVE) / 64 < most) return false;
        bool ok;
        assembly ("memory-safe") {
            ok := call(most, account, 0, input, add(execution.length, 4), 0, 0)
        }
        if (ok) emit ActDone(index);
        else emit ActFailed(index, _reason());
        return true;
    }

    /// @dev However much the account answered, only its beginning is copied.
    function _reason() private pure returns (bytes memory reason) {
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, REASON) {
                size := REASON
            }
            reason := mload(0x40)
            mstore(reason, size)
            returndatacopy(add(reason, 32), 0, size)
            mstore(0x40, add(reason, and(add(size, 63), not(31))))
        }
    }
}

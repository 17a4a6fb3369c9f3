// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a firm's act may run into.
contract Unruly {
    uint256[] private _kept;

    /// @notice Uses all gas there is.
    function burn() external pure {
        while (true) {}
    }

    /// @notice Reverts with so many bytes.
    function explode(uint256 size) external pure {
        assembly {
            revert(0, size)
        }
    }

    /// @notice Uses about 22,100 for each.
    function keep(uint256 words) external {
        for (uint256 i = 0; i < words; ++i) _kept.push(1);
    }

    /// @notice Calls back, and does not mind being refused; with `minds` it does, and tells why.
    function call(address target, bytes calldata data, bool minds) external {
        (bool ok, bytes memory answer) = target.call(data);
        if (ok || !minds) return;
        assembly {
            revert(add(answer, 32), mload(answer))
        }
    }

    /// @notice An account of nobody's making that agrees to everything.
    fallback() external {}
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A bank's account that signs whatever it is asked (ERC-1271) and tries to act while it is asked.
contract Trickster {
    address private _target;
    bytes private _act;
    bool private _burns;

    /// @notice Makes a call in its own name.
    function act(address target, bytes calldata data) external {
        (bool ok, bytes memory answer) = target.call(data);
        if (ok) return;
        assembly {
            revert(add(answer, 32), mload(answer))
        }
    }

    /// @notice What it tries when it is asked; with `burns` it is not content when that fails.
    function prepare(address target, bytes calldata data, bool burns) external {
        (_target, _act, _burns) = (target, data, burns);
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        // Asked in a static call, it cannot even write what came of it.
        (address target, bytes memory data) = (_target, _act);
        bool ok;
        assembly {
            ok := call(gas(), target, 0, add(data, 32), mload(data), 0, 0)
        }
        require(ok || !_burns);
        return 0x1626ba7e;
    }
}

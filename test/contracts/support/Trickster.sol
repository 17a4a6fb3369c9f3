// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISaleDesk} from "../../../contracts/finance/ISaleDesk.sol";

/// @notice A member's account that signs whatever it is asked (ERC-1271), a desk that agrees to whatever it is asked, and
/// one that tries to act while it is asked.
contract Trickster is ISaleDesk {
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

    /// @inheritdoc ISaleDesk
    function agree(Sale calldata, bytes calldata) external returns (uint256) {
        (bool ok, ) = _target.call(_act);
        require(ok || !_burns);
        return 1;
    }

    /// @inheritdoc ISaleDesk
    function pay(address, address, uint256) external {}

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

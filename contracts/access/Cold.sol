// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title Cold
 * @notice Code that runs in the ledger's name and over its storage alone: reached by delegatecall, called at its own address by nobody.
 * @dev Each external function of an extension bears the mark `cold`; a test calls all of them directly.
 */
abstract contract Cold {
    address internal immutable _self = address(this);

    /// @dev Called at the extension's own address, where nothing is stored.
    error BillsExtensionNotBills();

    modifier cold() {
        require(address(this) != _self, BillsExtensionNotBills());
        _;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BillNo} from "../bills/ParcelId.sol";

/**
 * @title IInvoiceRegistry
 * @notice Which invoice backs which bill, and how much of it is used: at most its total, over all bills and issuers. An
 * invoice's seller is the payee of the bill that it backs: an entry belongs to that member, and whoever squats on it needs the
 * seller, who can refuse.
 */
interface IInvoiceRegistry {
    /// @notice A part of an invoice that backs a bill. Amounts are minor units.
    /// @param invoiceId `keccak256(abi.encode(string seller, string number))`, the seller by its tax number.
    struct InvoiceUse {
        bytes32 invoiceId;
        uint56 total;
        uint56 amount;
    }

    event InvoiceBacked(
        bytes32 indexed invoiceId,
        BillNo indexed billNo,
        uint56 total,
        uint56 amount,
        uint56 used
    );
    event InvoiceFreed(bytes32 indexed invoiceId, BillNo indexed billNo, uint56 amount, uint56 used);

    /// @dev More is asked than is free of the invoice, or another total stands in the book while it is in use.
    error InvoiceRegistryOccupied(bytes32 invoiceId, uint56 total, uint56 used);

    function usage(uint32 payee, bytes32 invoiceId) external view returns (uint56 total, uint56 used);
}

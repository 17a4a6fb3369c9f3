// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BillNo, ParcelId} from "../bills/ParcelId.sol";

/**
 * @title ISaleDesk
 * @notice What the ledger of bills asks of a desk through which a holder sells. The ledger calls {agree} before it moves
 * the title and {pay} after, in one transaction. A desk cannot move a parcel: it only says yes, and moves the money.
 */
interface ISaleDesk {
    /// @param parcel The parcel sold from, as the seller named it.
    /// @param amount Length of the piece sold, minor units.
    /// @param basis Days of a year of interest.
    struct Sale {
        ParcelId parcel;
        BillNo billNo;
        uint32 acceptor;
        uint32 seller;
        uint32 buyer;
        uint56 first;
        uint56 amount;
        uint40 due;
        uint16 basis;
        address sellerAccount;
        address buyerAccount;
    }

    /// @notice Checks the buyer's order and books its use; reverts if the order does not cover the sale.
    /// @return price What the buyer pays the seller, minor units.
    function agree(Sale calldata sale, bytes calldata order) external returns (uint256 price);

    /// @notice Moves the price from the buyer's account to the seller's; reverts if it cannot.
    function pay(address buyer, address seller, uint256 price) external;
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IMembers} from "../participants/IMembers.sol";
import {IParticipants} from "../participants/IParticipants.sol";
import {IRecoveries} from "../participants/IRecoveries.sol";
import {IInvoiceRegistry} from "../trade/IInvoiceRegistry.sol";
import {IBillsCold} from "./IBillsCold.sol";
import {IBillsHot} from "./IBillsHot.sol";

/**
 * @title IBills
 * @notice The ledger of bills: who holds which cents of what was confirmed.
 *
 * A bill with face value F is the line `[0, F)` of minor units; a parcel is a piece `[first, end)` of it with one holder.
 * A part is always cut from the right end. Every event whose first argument is `billNo` is an act on that bill and
 * extends its trail: `trail' = keccak256(trail ‖ keccak256(topics ‖ data of the log))`, from zero.
 *
 * Who answers an offer names what was offered (holder, receiver, end): what was signed for is what is taken, or nothing is.
 *
 * The ledger keeps the register of its members ({IParticipants}, {IRecoveries}) and the book of invoices ({IInvoiceRegistry}) itself:
 * every act asks for its parties, and an answer from another contract costs more than the act's own checks.
 *
 * All of it is called at the ledger's address. {Bills} does the one part itself ({IBillsHot}, {IMembers}) and passes the other on to
 * {BillsExtension}, which runs over the same storage; a caller need not know which.
 *
 * When several errors fit, the one that stands first in the error list of {IBillsRecord} wins.
 */
interface IBills is
    IBillsHot,
    IBillsCold,
    IMembers,
    IParticipants,
    IRecoveries,
    IInvoiceRegistry,
    IAccessManaged
{}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {IBillsRecord} from "./IBillsRecord.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";
import {Terms} from "./Terms.sol";

/**
 * @title IBillsCold
 * @notice What {BillsExtension} does for {Bills}: ends of issues, times of offers, desks, and all that people and services read.
 */
interface IBillsCold is IBillsRecord {
    // --- Ends of issues ----------------------------------------------------------------------------------------------

    /// @notice The payee refuses a bill that was issued to it; its invoices are free again.
    function refuseIssue(BillNo billNo, Backing calldata backing) external;

    /// @notice The acceptor withdraws a bill that has not been signed for; its invoices are free again.
    function withdrawIssue(BillNo billNo, Backing calldata backing) external;

    /// @notice Anybody ends a bill that nobody had signed for when it fell due; its invoices are free again.
    function expireIssue(BillNo billNo, Backing calldata backing) external;

    // --- Times of offers ---------------------------------------------------------------------------------------------

    /// @notice The holder has its offer of `[first, end)` to `to` stand longer, also one whose time is over and that nobody has
    /// ended.
    /// @param until Instant from which it can no longer be taken, later than the present one; 0 for until maturity.
    function extend(ParcelId id, uint32 to, uint56 end, uint40 until) external;

    // --- Desks ------------------------------------------------------------------------------------------------------

    /// @notice Admits or dismisses a desk. Through the access manager, with its delay.
    function admitDesk(ISaleDesk desk) external;

    function dismissDesk(ISaleDesk desk) external;

    /// @notice The calling bank names a desk that may say yes for it, or takes that back. Admission alone lets a desk press
    /// nothing on anybody.
    function allowDesk(ISaleDesk desk, bool allowed) external;

    // --- Views ------------------------------------------------------------------------------------------------------

    function terms(BillNo billNo) external view returns (Terms);

    /// @notice The hash chain over all acts on the bill.
    function trail(BillNo billNo) external view returns (bytes32);

    function paid(BillNo billNo) external view returns (uint56 paidIn, uint56 paidOut);

    /// @notice The parcel by its id; the first parcel of an issue that is not signed for is the acceptor's, offered to the
    /// payee.
    function parcel(ParcelId id) external view returns (Parcel);

    /// @notice At most `limit` parcels of a bill, in order, from the one that begins at `first` on.
    function parcelsFrom(
        BillNo billNo,
        uint56 first,
        uint256 limit
    ) external view returns (ParcelView[] memory);

    /// @notice One hash of what is stored of a bill and of its parcels that begin in `[from, to)`, `from` the beginning of one:
    /// `h = keccak256(terms ‖ trail ‖ paidIn ‖ paidOut)` as words, then `h = keccak256(h ‖ first ‖ parcel)` for each parcel in
    /// order. Who proves a part need not walk what others have cut; `[0, face)` is the whole bill.
    function ledgerHash(BillNo billNo, uint56 from, uint56 to) external view returns (bytes32);

    function isNamed(BillNo billNo, uint32 member) external view returns (bool);

    function isDesk(ISaleDesk desk) external view returns (bool);

    function isDeskAllowed(uint32 bank, ISaleDesk desk) external view returns (bool);

    /// @notice The account that holds a parcel. As in ERC-721; this contract does not claim that interface.
    function ownerOf(uint256 parcelId) external view returns (address);

    /// @notice A JSON document with a picture of the bill's line, as a data URI.
    function tokenURI(uint256 parcelId) external view returns (string memory);

    /// @notice What the ledger trusts.
    function parts() external view returns (Parts memory);

    /// @notice Several calls of the same caller, all of them or none. Each is `abi.encodeCall` of a function of {IBills}.
    /// @return results What each call returned, encoded.
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);
}

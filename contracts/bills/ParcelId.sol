// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Number of a bill: `acceptor member number 32 | serial chosen by the acceptor 32` bits.
/// The acceptor names its own bills, so no counter is stored and a bill's number is known before it is sent.
type BillNo is uint64;

/// @notice Name of a parcel: `billNo 64 | first cent 64` bits. Parcels of a bill are disjoint, so the first cent
/// names one uniquely at any moment. A cut keeps the left piece's id and gives the right piece the cut as its id.
type ParcelId is uint128;

using {bill, first, isRoot} for ParcelId global;

function newBillNo(uint32 acceptor, uint32 serial) pure returns (BillNo) {
    return BillNo.wrap((uint64(acceptor) << 32) | serial);
}

function newParcelId(BillNo billNo, uint56 firstCent) pure returns (ParcelId) {
    return ParcelId.wrap((uint128(BillNo.unwrap(billNo)) << 64) | firstCent);
}

function bill(ParcelId id) pure returns (BillNo) {
    return BillNo.wrap(uint64(ParcelId.unwrap(id) >> 64));
}

/// @dev The upper 8 of the lower 64 bits are not part of a first cent: an id that sets them names no parcel, and no
/// such id is ever stored, because every stored id is made by {newParcelId}.
function first(ParcelId id) pure returns (uint56) {
    return uint56(ParcelId.unwrap(id));
}

/// @dev Whether it names the parcel at the beginning of the line.
function isRoot(ParcelId id) pure returns (bool) {
    return uint64(ParcelId.unwrap(id)) == 0;
}

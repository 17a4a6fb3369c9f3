// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @notice All that a move of a parcel must check or change, in one storage slot.
 *
 * ```text
 *  255        223          191        159    103        47            7       0
 *  | holder 32 | offeredTo 32 | pledgee 32 | end 56 | paidUpTo 56 | offerUntil 40 | flags 8 |
 * ```
 *
 * - `holder`, `offeredTo`, `pledgee`: member numbers; 0 is nobody.
 * - `end`: one past the last cent; the first cent is in the parcel's id.
 * - `paidUpTo`: what had been paid in to the bill when this parcel was last paid; a cut copies it.
 * - `offerUntil`: the instant from which the offer can no longer be taken; 0 means until maturity.
 */
type Parcel is uint256;

using {
    holder,
    offeredTo,
    pledgee,
    end,
    paidUpTo,
    offerUntil,
    flags,
    exists,
    isLocked,
    isFinanced,
    withEnd,
    withPaidUpTo,
    withOffer,
    withHolder
} for Parcel global;

/// @dev A bank received this parcel, and its line on the acceptor is used by the parcel's unpaid length.
uint8 constant PARCEL_FINANCED = 1;
/// @dev A legal hold lies on this parcel.
uint8 constant PARCEL_ON_HOLD = 2;

/// @dev `offeredTo`, `pledgee` and the flag of a hold.
uint256 constant LOCKS = (uint256(type(uint64).max) << 160) | PARCEL_ON_HOLD;

function newParcel(
    uint32 holder_,
    uint32 offeredTo_,
    uint56 end_,
    uint56 paidUpTo_,
    uint40 offerUntil_,
    uint8 flags_
) pure returns (Parcel) {
    return
        Parcel.wrap(
            (uint256(holder_) << 224) |
                (uint256(offeredTo_) << 192) |
                (uint256(end_) << 104) |
                (uint256(paidUpTo_) << 48) |
                (uint256(offerUntil_) << 8) |
                flags_
        );
}

function holder(Parcel p) pure returns (uint32) {
    return uint32(Parcel.unwrap(p) >> 224);
}

function offeredTo(Parcel p) pure returns (uint32) {
    return uint32(Parcel.unwrap(p) >> 192);
}

function pledgee(Parcel p) pure returns (uint32) {
    return uint32(Parcel.unwrap(p) >> 160);
}

function end(Parcel p) pure returns (uint56) {
    return uint56(Parcel.unwrap(p) >> 104);
}

function paidUpTo(Parcel p) pure returns (uint56) {
    return uint56(Parcel.unwrap(p) >> 48);
}

function offerUntil(Parcel p) pure returns (uint40) {
    return uint40(Parcel.unwrap(p) >> 8);
}

function flags(Parcel p) pure returns (uint8) {
    return uint8(Parcel.unwrap(p));
}

function exists(Parcel p) pure returns (bool) {
    return Parcel.unwrap(p) != 0;
}

/// @dev Offered, pledged or on hold: the holder cannot dispose of it.
function isLocked(Parcel p) pure returns (bool) {
    return Parcel.unwrap(p) & LOCKS != 0;
}

function isFinanced(Parcel p) pure returns (bool) {
    return flags(p) & PARCEL_FINANCED != 0;
}

function withEnd(Parcel p, uint56 end_) pure returns (Parcel) {
    return Parcel.wrap((Parcel.unwrap(p) & ~(uint256(type(uint56).max) << 104)) | (uint256(end_) << 104));
}

function withPaidUpTo(Parcel p, uint56 paidUpTo_) pure returns (Parcel) {
    return Parcel.wrap((Parcel.unwrap(p) & ~(uint256(type(uint56).max) << 48)) | (uint256(paidUpTo_) << 48));
}

/// @dev Sets or, with zeros, clears the offer.
function withOffer(Parcel p, uint32 offeredTo_, uint40 offerUntil_) pure returns (Parcel) {
    uint256 kept =
        Parcel.unwrap(p) & ~((uint256(type(uint32).max) << 192) | (uint256(type(uint40).max) << 8));
    return Parcel.wrap(kept | (uint256(offeredTo_) << 192) | (uint256(offerUntil_) << 8));
}

/// @dev A new holder takes a piece free of the offer and of the old holder's line; `flags_` says how it holds.
function withHolder(Parcel p, uint32 holder_, uint8 flags_) pure returns (Parcel) {
    return newParcel(holder_, 0, end(p), paidUpTo(p), 0, flags_);
}

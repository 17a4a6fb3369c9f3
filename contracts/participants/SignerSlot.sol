// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @notice What one signer of a firm counts and may, and what it has signed for today, in one storage slot. That the slot is not
 * empty is what makes somebody a signer: one word proves membership and holds all that a signature must be weighed by.
 *
 * ```text
 *  255         239      231           191          135     111      55       47        0
 *  | weight 16 | level 8 | validUntil 40 | dayLimit 56 | day 24 | used 56 | place 8 | unused 48 |
 * ```
 *
 * - `weight`: 1 or more.
 * - `level`: 1 maker (经办), 2 checker (复核), 3 authoriser (授权), … 8; 0 is none.
 * - `validUntil`: the last instant at which it may sign; 0 for no end.
 * - `dayLimit`: minor units that it may sign for on one day of Asia/Shanghai; 0 for no limit.
 * - `day`, `used`: the last day on which it signed under a limit, and for how much.
 * - `place`: in the list of the account's signers, which has 20 at most.
 */
type SignerSlot is uint256;

using {
    weight,
    level,
    validUntil,
    dayLimit,
    place,
    exists,
    isPermanent,
    isValid,
    usedOn,
    withUse,
    withUseOf
} for SignerSlot global;

/// @dev `day` and `used`.
uint256 constant USE = uint256(type(uint80).max) << 56;

function newSignerSlot(
    uint16 weight_,
    uint8 level_,
    uint40 validUntil_,
    uint56 dayLimit_,
    uint8 place_
) pure returns (SignerSlot) {
    return
        SignerSlot.wrap(
            (uint256(weight_) << 240) |
                (uint256(level_) << 232) |
                (uint256(validUntil_) << 192) |
                (uint256(dayLimit_) << 136) |
                (uint256(place_) << 48)
        );
}

function weight(SignerSlot s) pure returns (uint16) {
    return uint16(SignerSlot.unwrap(s) >> 240);
}

function level(SignerSlot s) pure returns (uint8) {
    return uint8(SignerSlot.unwrap(s) >> 232);
}

function validUntil(SignerSlot s) pure returns (uint40) {
    return uint40(SignerSlot.unwrap(s) >> 192);
}

function dayLimit(SignerSlot s) pure returns (uint56) {
    return uint56(SignerSlot.unwrap(s) >> 136);
}

function place(SignerSlot s) pure returns (uint8) {
    return uint8(SignerSlot.unwrap(s) >> 48);
}

function exists(SignerSlot s) pure returns (bool) {
    return SignerSlot.unwrap(s) != 0;
}

function isPermanent(SignerSlot s) pure returns (bool) {
    return validUntil(s) == 0;
}

/// @dev Whether it is a signer, and may sign now.
function isValid(SignerSlot s) view returns (bool) {
    uint40 last = validUntil(s);
    return exists(s) && (last == 0 || block.timestamp <= last);
}

/// @dev What it has signed for on `day_`.
function usedOn(SignerSlot s, uint24 day_) pure returns (uint56) {
    return uint24(SignerSlot.unwrap(s) >> 112) == day_ ? uint56(SignerSlot.unwrap(s) >> 56) : 0;
}

function withUse(SignerSlot s, uint24 day_, uint56 used) pure returns (SignerSlot) {
    return SignerSlot.wrap((SignerSlot.unwrap(s) & ~USE) | (uint256(day_) << 112) | (uint256(used) << 56));
}

/// @dev Another weight or limit does not make it forget what it has signed for today.
function withUseOf(SignerSlot s, SignerSlot old) pure returns (SignerSlot) {
    return SignerSlot.wrap((SignerSlot.unwrap(s) & ~USE) | (SignerSlot.unwrap(old) & USE));
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @notice The terms of a bill, in one storage slot.
 *
 * ```text
 *  255           223       191           159      119      63      55        47        31            15         0
 *  | acceptor 32 | payee 32 | guarantor 32 | due 40 | face 56 | kind 8 | status 8 | flags 16 | rulePack 16 | currency 16 |
 * ```
 *
 * - `due`: the instant at which the due date begins in Asia/Shanghai (seconds).
 * - `face`: minor units.
 * - `currency`: ISO 4217 numeric code.
 */
type Terms is uint256;

using {
    acceptor,
    payee,
    guarantor,
    due,
    face,
    kind,
    status,
    termFlags,
    rulePack,
    currency,
    exists,
    isActive,
    has,
    withStatus
} for Terms global;

uint8 constant KIND_CERTIFICATE = 1;
uint8 constant KIND_DRAFT = 2;
uint8 constant KIND_LC_CLAIM = 3;

/// @dev Issued, not yet signed for by its payee. Its only parcel is not stored before it is taken.
uint8 constant STATUS_OFFERED = 1;
/// @dev Signed for. That it is matured, part paid or settled follows from the clock and from what was paid in.
uint8 constant STATUS_ACTIVE = 2;
/// @dev The issue was refused, withdrawn or has lapsed.
uint8 constant STATUS_CANCELLED = 3;

uint16 constant NOT_TO_BE_PASSED_ON = 1;
uint16 constant NOT_TO_BE_FINANCED = 2;
uint16 constant NAMED_MEMBERS_ONLY = 4;
/// @dev Interest counts 365 days to the year; 360 without it. Pinned from the rule pack at issue.
uint16 constant BASIS_365 = 8;

function newTerms(
    uint32 acceptor_,
    uint32 payee_,
    uint40 due_,
    uint56 face_,
    uint8 kind_,
    uint16 flags_,
    uint16 rulePack_,
    uint16 currency_
) pure returns (Terms) {
    return
        Terms.wrap(
            (uint256(acceptor_) << 224) |
                (uint256(payee_) << 192) |
                (uint256(due_) << 120) |
                (uint256(face_) << 64) |
                (uint256(kind_) << 56) |
                (uint256(STATUS_OFFERED) << 48) |
                (uint256(flags_) << 32) |
                (uint256(rulePack_) << 16) |
                currency_
        );
}

function acceptor(Terms t) pure returns (uint32) {
    return uint32(Terms.unwrap(t) >> 224);
}

function payee(Terms t) pure returns (uint32) {
    return uint32(Terms.unwrap(t) >> 192);
}

function guarantor(Terms t) pure returns (uint32) {
    return uint32(Terms.unwrap(t) >> 160);
}

function due(Terms t) pure returns (uint40) {
    return uint40(Terms.unwrap(t) >> 120);
}

function face(Terms t) pure returns (uint56) {
    return uint56(Terms.unwrap(t) >> 64);
}

function kind(Terms t) pure returns (uint8) {
    return uint8(Terms.unwrap(t) >> 56);
}

function status(Terms t) pure returns (uint8) {
    return uint8(Terms.unwrap(t) >> 48);
}

function termFlags(Terms t) pure returns (uint16) {
    return uint16(Terms.unwrap(t) >> 32);
}

function rulePack(Terms t) pure returns (uint16) {
    return uint16(Terms.unwrap(t) >> 16);
}

function currency(Terms t) pure returns (uint16) {
    return uint16(Terms.unwrap(t));
}

function exists(Terms t) pure returns (bool) {
    return Terms.unwrap(t) != 0;
}

function isActive(Terms t) pure returns (bool) {
    return status(t) == STATUS_ACTIVE;
}

function has(Terms t, uint16 flag) pure returns (bool) {
    return termFlags(t) & flag != 0;
}

function withStatus(Terms t, uint8 status_) pure returns (Terms) {
    return Terms.wrap((Terms.unwrap(t) & ~(uint256(type(uint8).max) << 48)) | (uint256(status_) << 48));
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ALL_KINDS, KIND_OWN} from "./ICallReader.sol";
import {IOrgAccount} from "./IOrgAccount.sol";

/**
 * @title Policies
 * @notice Whether a policy is sound, and what it asks of a batch. Two rules share a storage slot:
 *
 * ```text
 *  255 | 95      79        23            7      0
 *  | second rule 128 | unused 32 | kinds 16 | from 56 | threshold 16 | levels 8 |
 * ```
 */
library Policies {
    uint256 internal constant MAX_SIGNERS = 20;
    uint256 internal constant MAX_RULES = 8;
    uint8 internal constant MAX_LEVEL = 8;
    uint40 private constant SHORTEST_DELAY = 1 hours;
    uint40 private constant LONGEST_DELAY = 30 days;

    /// @dev Reverts unless the policy can always be acted under by its permanent signers. Says the same of it at any time.
    function requireSound(IOrgAccount.Policy calldata p) internal view {
        require(
            p.signers.length != 0 &&
                p.signers.length <= MAX_SIGNERS &&
                p.rules.length <= MAX_RULES &&
                p.threshold != 0 &&
                p.adminThreshold != 0 &&
                p.changeDelay >= SHORTEST_DELAY &&
                p.changeDelay <= LONGEST_DELAY,
            IOrgAccount.OrgAccountInvalidPolicy()
        );
        (uint256 weight, uint8 levels) = _permanent(p.signers);
        require(weight >= p.threshold, IOrgAccount.OrgAccountUnreachable(weight, p.threshold));
        require(weight >= p.adminThreshold, IOrgAccount.OrgAccountUnreachable(weight, p.adminThreshold));
        for (uint256 i = 0; i < p.rules.length; ++i) {
            IOrgAccount.Rule calldata rule = p.rules[i];
            require(
                rule.kinds != 0 && rule.kinds & ~ALL_KINDS == 0 && rule.threshold != 0,
                IOrgAccount.OrgAccountInvalidRule(i)
            );
            require(weight >= rule.threshold, IOrgAccount.OrgAccountUnreachable(weight, rule.threshold));
            uint8 missing = rule.levels & ~levels;
            require(missing == 0, IOrgAccount.OrgAccountLevelsMissing(missing));
        }
    }

    /// @dev The slot `n` of a policy's rules.
    function packed(IOrgAccount.Rule[] calldata rules, uint256 n) internal pure returns (uint256 slot) {
        if (2 * n < rules.length) slot = _word(rules[2 * n]);
        if (2 * n + 1 < rules.length) slot |= _word(rules[2 * n + 1]) << 128;
    }

    function ruleAt(
        uint256[4] storage slots,
        uint256 index
    ) internal view returns (IOrgAccount.Rule memory rule) {
        uint256 word = slots[index / 2] >> (128 * (index % 2));
        return IOrgAccount.Rule(uint16(word >> 80), uint56(word >> 24), uint16(word >> 8), uint8(word));
    }

    /// @dev Which weight and which levels a batch needs; see {IOrgAccount}.
    function needed(
        uint256[4] storage slots,
        uint256 count,
        uint256 threshold,
        uint256 adminThreshold,
        uint256 kinds,
        uint256 amount
    ) internal view returns (uint256 weight, uint256 levels) {
        uint256 unruled = kinds & ~uint256(KIND_OWN);
        if (kinds & KIND_OWN != 0) weight = adminThreshold;
        uint256 slot;
        for (uint256 i = 0; i < count; ++i) {
            slot = i % 2 == 0 ? slots[i / 2] : slot >> 128;
            uint256 named = (slot >> 80) & type(uint16).max;
            if (named & kinds == 0 || amount < ((slot >> 24) & type(uint56).max)) continue;
            weight = _max(weight, (slot >> 8) & type(uint16).max);
            levels |= slot & type(uint8).max;
            unruled &= ~named;
        }
        // A batch of no calls at all uses up a nonce.
        if (unruled != 0 || kinds == 0) weight = _max(weight, threshold);
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev What permanent signers reach together, and the levels that they have. Each signer is looked at.
    function _permanent(
        IOrgAccount.Signer[] calldata signers
    ) private view returns (uint256 weight, uint8 levels) {
        bytes32[] memory seen = new bytes32[](signers.length);
        for (uint256 i = 0; i < signers.length; ++i) {
            IOrgAccount.Signer calldata s = signers[i];
            seen[i] = keccak256(s.key);
            bool isNew = true;
            for (uint256 j = 0; j < i; ++j) isNew = isNew && seen[j] != seen[i];
            require(
                isNew && s.weight != 0 && s.level <= MAX_LEVEL && _canSign(s.key),
                IOrgAccount.OrgAccountInvalidSigner(s.key)
            );
            if (s.validUntil != 0) continue;
            weight += s.weight;
            if (s.level != 0) levels |= uint8(1 << (s.level - 1));
        }
    }

    function _canSign(bytes calldata key) private view returns (bool) {
        if (key.length < 20) return false;
        address first = address(bytes20(key));
        if (first == address(this)) return false;
        return key.length == 20 ? first != address(0) : first.code.length != 0;
    }

    function _word(IOrgAccount.Rule calldata rule) private pure returns (uint256) {
        return
            (uint256(rule.kinds) << 80) |
            (uint256(rule.from) << 24) |
            (uint256(rule.threshold) << 8) |
            rule.levels;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}

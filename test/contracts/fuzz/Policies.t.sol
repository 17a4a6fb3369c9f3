// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IOrgAccount} from "../../../contracts/participants/IOrgAccount.sol";
import {Policies} from "../../../contracts/participants/Policies.sol";
import {Signatures} from "../../../contracts/participants/Signatures.sol";
import {newSignerSlot, SignerSlot} from "../../../contracts/participants/SignerSlot.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

/// @notice The words and forms of a firm's policy give back what was put in, and take nothing else for it.
contract PoliciesFuzzTest is SolidityTest {
    uint256[4] private _slots;

    function testASignerHoldsItsValues(
        uint16 weight,
        uint8 level,
        uint40 validUntil,
        uint56 dayLimit,
        uint8 place,
        uint24 day,
        uint56 used
    ) public pure {
        SignerSlot s = newSignerSlot(weight, level, validUntil, dayLimit, place);
        _requireSigner(s, weight, level, validUntil, dayLimit, place);
        require(s.usedOn(day) == 0, "nothing is used");
        SignerSlot u = s.withUse(day, used);
        _requireSigner(u, weight, level, validUntil, dayLimit, place);
        require(u.usedOn(day) == used, "used today");
        unchecked {
            require(u.usedOn(day + 1) == 0, "another day begins from nothing");
        }
        SignerSlot other = newSignerSlot(
            place,
            place,
            dayLimit < 2 ** 40 ? uint40(dayLimit) : 0,
            used,
            level
        );
        require(other.withUseOf(u).usedOn(day) == used, "what was used goes along");
        require(other.withUseOf(u).weight() == place, "and nothing else does");
    }

    function testRulesAreKept(IOrgAccount.Rule[8] calldata drawn, uint8 count) public {
        IOrgAccount.Rule[] memory rules = new IOrgAccount.Rule[](count % 9);
        for (uint256 i = 0; i < rules.length; ++i) rules[i] = drawn[i];
        for (uint256 n = 0; n < 4; ++n) _slots[n] = this.pack(rules, n);
        for (uint256 i = 0; i < rules.length; ++i) {
            IOrgAccount.Rule memory kept = Policies.ruleAt(_slots, i);
            require(keccak256(abi.encode(kept)) == keccak256(abi.encode(rules[i])), "a rule is kept");
        }
    }

    function testSignaturesAreTakenApart(bytes[] calldata signers, uint256 cut) public view {
        bytes[] memory signatures = new bytes[](signers.length);
        for (uint256 i = 0; i < signers.length; ++i) signatures[i] = abi.encodePacked(keccak256(signers[i]));
        bytes memory both = abi.encode(signers, signatures);
        (bool ok, bytes[] memory a, bytes[] memory b) = this.split(both);
        require(ok, "it is taken apart");
        require(keccak256(abi.encode(a, b)) == keccak256(both), "into what it was");
        bytes[] memory fewer = new bytes[](signers.length + 1);
        (ok, , ) = this.split(abi.encode(signers, fewer));
        require(!ok, "lists of different lengths are none");
        bytes memory short = new bytes(cut % 64);
        (ok, , ) = this.split(short);
        require(!ok, "what is too short is none");
    }

    /// @dev Whatever is said to be well formed is what `abi.decode` reads, or is refused when an element of it is read.
    function testNoiseIsNotTakenForMore(uint256[8] calldata words) public view {
        uint256[8] memory small;
        for (uint256 i = 0; i < 8; ++i) small[i] = words[i] % 3 == 0 ? words[i] : words[i] % 320;
        bytes memory noise = abi.encode(small);
        try this.split(noise) returns (bool ok, bytes[] memory a, bytes[] memory b) {
            if (!ok) return;
            require(a.length == b.length && a.length <= 7, "lists within the noise");
            try this.decode(noise) returns (bytes[] memory c, bytes[] memory d) {
                require(
                    keccak256(abi.encode(a, b)) == keccak256(abi.encode(c, d)),
                    "as the compiler reads it"
                );
            } catch {}
        } catch {}
    }

    function pack(IOrgAccount.Rule[] calldata rules, uint256 n) external pure returns (uint256) {
        return Policies.packed(rules, n);
    }

    function split(
        bytes calldata signature
    ) external pure returns (bool ok, bytes[] memory signers, bytes[] memory signatures) {
        (bool isOk, bytes[] calldata a, bytes[] calldata b) = Signatures.split(signature);
        return (isOk, a, b);
    }

    function decode(bytes calldata signature) external pure returns (bytes[] memory, bytes[] memory) {
        return abi.decode(signature, (bytes[], bytes[]));
    }

    function _requireSigner(
        SignerSlot s,
        uint16 weight,
        uint8 level,
        uint40 validUntil,
        uint56 dayLimit,
        uint8 place
    ) private pure {
        require(s.weight() == weight && s.level() == level && s.place() == place, "weight, level, place");
        require(s.validUntil() == validUntil && s.dayLimit() == dayLimit, "time and limit");
        require(s.isPermanent() == (validUntil == 0), "permanent");
    }
}

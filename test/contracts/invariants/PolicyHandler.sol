// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {KIND_OTHER, KIND_OWN, KIND_PAY, LARGEST} from "../../../contracts/participants/ICallReader.sol";
import {IOrgAccount} from "../../../contracts/participants/IOrgAccount.sol";
import {VM} from "../support/World.sol";

/**
 * @title PolicyHandler
 * @notice What people with six keys, and strangers, try with one account: batches, announcements, vetoes, carrying out, waiting. Before each
 * act it says from its own books whether the account may let it happen; `mismatch` names the first that went otherwise.
 */
abstract contract PolicyHandler {
    struct Waiting {
        bytes policy;
        uint256 readyAt;
        uint256 version;
        uint256 by;
    }

    uint256 private constant KEYS = 6;

    IOrgAccount public account;
    address private _cash;

    string public mismatch;
    mapping(string act => uint256) public done;

    /// @dev The policy that is in force, `abi.encode`d, since when it has been, and the announcements by their number.
    bytes private _policy;
    uint256 private _version = 1;
    mapping(uint256 number => Waiting) private _waiting;
    uint256 private _announced;
    uint256 private _pending;
    mapping(bytes32 key => mapping(uint256 day => uint256)) private _used;
    uint256 private _nonce;
    uint256 private _seed;

    constructor(IOrgAccount account_, address cash) {
        account = account_;
        _cash = cash;
        (IOrgAccount.Policy memory p, ) = account.policy();
        _policy = abi.encode(p);
    }

    // --- Acts -------------------------------------------------------------------------------------------------------

    /// @notice Some sign a batch of up to three payments, or of something strange, or of the account's own affairs among them.
    function execute(uint256 seed) external {
        _seed = seed;
        uint256 count = _draw(4);
        IOrgAccount.Call[] memory calls = new IOrgAccount.Call[](count);
        (uint256 kinds, uint256 amount) = (0, 0);
        for (uint256 i = 0; i < count; ++i) {
            uint256 what = _draw(8);
            uint256 each = [uint256(1), 99, 100, 600, 1_000, 5_000][_draw(6)];
            if (what == 0) {
                calls[i] = _own(abi.encodeCall(IOrgAccount.cancelNonces, (2 ** 200, 1)));
                kinds |= KIND_OWN;
            } else {
                bytes memory data = abi.encodeCall(IERC20.transfer, (address(this), each));
                if (what == 1) data = abi.encodePacked(data, uint8(0));
                calls[i] = IOrgAccount.Call(_cash, data);
                kinds |= what == 1 ? KIND_OTHER : KIND_PAY;
                amount += what == 1 ? LARGEST : each;
            }
        }
        if (amount > LARGEST) amount = LARGEST;
        _play("execute", calls, kinds, amount, _drawSigners());
    }

    /// @notice Some announce another policy, mostly one that is sound.
    function announce(uint256 seed) external {
        _seed = seed;
        IOrgAccount.Policy memory p = _drawPolicy();
        IOrgAccount.Call[] memory calls = new IOrgAccount.Call[](1);
        calls[0] = _own(abi.encodeCall(IOrgAccount.announceChange, (p)));
        uint256 by = _drawSigners();
        IOrgAccount.Policy memory current = _current();
        bool should = _isEnough(current, KIND_OWN, 0, by) && _isSound(p) && _pending < 8;
        bool ok = _try(calls, current, by);
        _compare("announce", ok, should);
        if (!ok) return;
        _waiting[++_announced] = Waiting(
            abi.encode(p),
            block.timestamp + (current.signers.length == 1 ? 0 : current.changeDelay),
            _version,
            by
        );
        ++_pending;
    }

    /// @notice One key, a signer's or not, would stop one of the newest announcements.
    function veto(uint256 seed) external {
        _seed = seed;
        uint256 number = _drawNumber();
        Waiting memory w = _waiting[number];
        IOrgAccount.Policy memory current = _current();
        uint256 key = _draw(KEYS);
        uint256 place = _placeOf(current, key);
        bool should =
            _isWaiting(w) && place < 20 && _mayNow(current.signers[place]) && w.by & (1 << place) == 0;
        if (should) {
            (uint256 announcers, uint256 others) = (0, 0);
            for (uint256 i = 0; i < current.signers.length; ++i) {
                if (w.by & (1 << i) != 0) ++announcers;
                else if (_mayNow(current.signers[i])) ++others;
            }
            should = announcers < 2 || others > 1;
        }
        bytes32 change = keccak256(abi.encode(uint32(number), _decoded(w.policy)));
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                _domain(),
                keccak256(abi.encode(keccak256("Veto(bytes32 change)"), change))
            )
        );
        bool ok = true;
        try account.veto(change, abi.encodePacked(_address(key)), _signature(key, digest)) {} catch {
            ok = false;
        }
        _compare("veto", ok, should);
        if (ok) _forget(number);
    }

    /// @notice Some call one of the newest announcements off.
    function callOff(uint256 seed) external {
        _seed = seed;
        uint256 number = _drawNumber();
        Waiting memory w = _waiting[number];
        bytes32 change = keccak256(abi.encode(uint32(number), _decoded(w.policy)));
        IOrgAccount.Call[] memory calls = new IOrgAccount.Call[](1);
        calls[0] = _own(abi.encodeCall(IOrgAccount.callOff, (change)));
        uint256 by = _drawSigners();
        IOrgAccount.Policy memory current = _current();
        bool should = _isEnough(current, KIND_OWN, 0, by) && _isWaiting(w);
        bool ok = _try(calls, current, by);
        _compare("callOff", ok, should);
        if (ok) _forget(number);
    }

    /// @notice Anybody carries one of the newest announcements out, or tries.
    function carryOut(uint256 seed) external {
        _seed = seed;
        uint256 number = _drawNumber();
        Waiting memory w = _waiting[number];
        IOrgAccount.Policy memory p = _decoded(w.policy);
        bool should = _isWaiting(w) && block.timestamp >= w.readyAt;
        if (_draw(16) == 0) (p.threshold, should) = (p.threshold + 1, false);
        bool ok = true;
        try account.carryOut(uint32(number), p) {} catch {
            ok = false;
        }
        _compare("carryOut", ok, should);
        if (!ok) return;
        _policy = w.policy;
        ++_version;
        _pending = 0;
    }

    /// @notice Time goes by: minutes, or up to two days.
    function wait(uint256 seed) external {
        _seed = seed;
        VM.warp(block.timestamp + (_draw(2) == 0 ? _draw(3_600) : _draw(2 days)));
        ++done["wait"];
    }

    // --- What must always hold --------------------------------------------------------------------------------------

    /// @notice The policy is the one that was carried out last, and those who sign for good can act under it: on the account's own affairs, and,
    /// but for limits, on whatever else.
    function requireLife() external {
        (IOrgAccount.Policy memory p, uint32 version) = account.policy();
        require(keccak256(abi.encode(p)) == keccak256(_policy) && version == _version, "another policy");
        uint256 permanent;
        for (uint256 i = 0; i < p.signers.length; ++i) {
            if (p.signers[i].validUntil == 0) permanent |= 1 << i;
        }
        require(_isEnough(p, 1023, LARGEST, permanent), "permanent signers do not suffice");
        IOrgAccount.Call[] memory calls = new IOrgAccount.Call[](1);
        calls[0] = _own(abi.encodeCall(IOrgAccount.cancelNonces, (2 ** 200, 1)));
        require(_try(calls, p, permanent), "permanent signers are locked out");
    }

    // --- Rules, in other words than the contract's --------------------------------------------------------------------

    /// @dev Kind by kind: what its own matching rules ask for, or the ordinary threshold; then the most of all.
    function _isEnough(
        IOrgAccount.Policy memory p,
        uint256 kinds,
        uint256 amount,
        uint256 by
    ) private view returns (bool) {
        (uint256 need, uint256 needLevels) = kinds == 0 ? (uint256(p.threshold), 0) : (0, 0);
        for (uint256 k = 0; k < 10; ++k) {
            uint256 kind = 1 << k;
            if (kinds & kind == 0) continue;
            uint256 most = kind == KIND_OWN ? p.adminThreshold : 0;
            for (uint256 r = 0; r < p.rules.length; ++r) {
                IOrgAccount.Rule memory rule = p.rules[r];
                if (rule.kinds & kind == 0 || amount < rule.from) continue;
                if (rule.threshold > most) most = rule.threshold;
                needLevels |= rule.levels;
            }
            if (most == 0) most = p.threshold;
            if (most > need) need = most;
        }
        (uint256 weight, uint256 levels) = (0, 0);
        for (uint256 i = 0; i < p.signers.length; ++i) {
            if (by & (1 << i) == 0) continue;
            if (!_mayNow(p.signers[i])) return false;
            weight += p.signers[i].weight;
            if (p.signers[i].level != 0) levels |= 1 << (p.signers[i].level - 1);
        }
        return by != 0 && weight >= need && needLevels & ~levels == 0;
    }

    function _isWithinLimits(
        IOrgAccount.Policy memory p,
        uint256 amount,
        uint256 by
    ) private view returns (bool) {
        for (uint256 i = 0; i < p.signers.length; ++i) {
            uint256 limit = p.signers[i].dayLimit;
            if (by & (1 << i) == 0 || limit == 0 || amount == 0) continue;
            if (_used[keccak256(p.signers[i].key)][_day()] + amount > limit) return false;
        }
        return true;
    }

    function _isSound(IOrgAccount.Policy memory p) private pure returns (bool) {
        (uint256 weight, uint256 levels) = (0, 0);
        for (uint256 i = 0; i < p.signers.length; ++i) {
            if (p.signers[i].validUntil != 0) continue;
            weight += p.signers[i].weight;
            if (p.signers[i].level != 0) levels |= 1 << (p.signers[i].level - 1);
        }
        if (p.threshold > weight || p.adminThreshold > weight) return false;
        for (uint256 r = 0; r < p.rules.length; ++r) {
            if (p.rules[r].threshold > weight || p.rules[r].levels & ~levels != 0) return false;
        }
        return true;
    }

    function _mayNow(IOrgAccount.Signer memory s) private view returns (bool) {
        return s.validUntil == 0 || block.timestamp <= s.validUntil;
    }

    function _isWaiting(Waiting memory w) private view returns (bool) {
        return w.readyAt != 0 && w.version == _version;
    }

    function _day() private view returns (uint256) {
        return (block.timestamp + 8 hours) / 1 days;
    }

    // --- Playing ----------------------------------------------------------------------------------------------------

    function _play(
        string memory name,
        IOrgAccount.Call[] memory calls,
        uint256 kinds,
        uint256 amount,
        uint256 by
    ) private {
        IOrgAccount.Policy memory p = _current();
        bool should = _isEnough(p, kinds, amount, by) && _isWithinLimits(p, amount, by);
        bool ok = _try(calls, p, by);
        _compare(name, ok, should);
        for (uint256 i = 0; ok && i < p.signers.length; ++i) {
            // What was signed under no limit is not counted, and is forgotten when the signer leaves the policy.
            if (by & (1 << i) != 0 && p.signers[i].dayLimit != 0) {
                _used[keccak256(p.signers[i].key)][_day()] += amount;
            }
        }
    }

    function _try(
        IOrgAccount.Call[] memory calls,
        IOrgAccount.Policy memory p,
        uint256 by
    ) private returns (bool) {
        uint256 nonce = _nonce++;
        bytes32 digest = account.digestOf(calls, nonce, type(uint40).max);
        uint256 count;
        for (uint256 i = 0; i < 20; ++i) count += (by >> i) & 1;
        bytes[] memory signers = new bytes[](count);
        bytes[] memory signatures = new bytes[](count);
        for (uint256 i = 0; i < p.signers.length; ++i) {
            if (by & (1 << i) == 0) continue;
            signers[--count] = p.signers[i].key;
            signatures[count] = _signature(_keyOf(p.signers[i].key), digest);
        }
        try account.execute(calls, nonce, type(uint40).max, abi.encode(signers, signatures)) {
            return true;
        } catch {
            return false;
        }
    }

    function _compare(string memory name, bool ok, bool should) private {
        if (ok) ++done[name];
        if (ok == should || bytes(mismatch).length != 0) return;
        mismatch = string.concat(name, ok ? ": done, and should not be" : ": refused, and should not be");
    }

    function _forget(uint256 number) private {
        delete _waiting[number].readyAt;
        --_pending;
    }

    // --- Drawing ----------------------------------------------------------------------------------------------------

    function _draw(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }

    /// @dev Places in the present policy; rarely nobody.
    function _drawSigners() private returns (uint256 by) {
        uint256 count = _current().signers.length;
        for (uint256 i = 0; i < count; ++i) if (_draw(3) != 0) by |= 1 << i;
    }

    function _drawNumber() private returns (uint256) {
        uint256 back = _draw(4);
        return _announced > back ? _announced - back : 1;
    }

    function _drawPolicy() private returns (IOrgAccount.Policy memory p) {
        p.signers = new IOrgAccount.Signer[](1 + _draw(5));
        uint256 first = _draw(KEYS);
        uint256 weight;
        for (uint256 i = 0; i < p.signers.length; ++i) {
            IOrgAccount.Signer memory s = p.signers[i];
            s.key = abi.encodePacked(_address((first + i) % KEYS));
            s.weight = uint16(1 + _draw(3));
            s.level = uint8(_draw(4));
            if (_draw(4) == 0) s.validUntil = uint40(block.timestamp + _draw(5 days));
            if (_draw(2) == 0) s.dayLimit = uint56(1 + _draw(_draw(2) == 0 ? 300 : 5_000));
            if (s.validUntil == 0) weight += s.weight;
        }
        p.rules = new IOrgAccount.Rule[](_draw(5));
        for (uint256 r = 0; r < p.rules.length; ++r) {
            uint16 kinds = [KIND_PAY, KIND_OWN, KIND_PAY | KIND_OTHER, KIND_OTHER | KIND_OWN][_draw(4)];
            uint56 from = [uint56(0), 100, 1_000, type(uint56).max][_draw(4)];
            p.rules[r] = IOrgAccount.Rule(kinds, from, _drawThreshold(weight), uint8(1 << _draw(5)) & 7);
        }
        p.threshold = _drawThreshold(weight);
        p.adminThreshold = _drawThreshold(weight);
        p.changeDelay = uint40(1 hours + _draw(3 days));
    }

    function _drawThreshold(uint256 weight) private returns (uint16) {
        return uint16(1 + _draw(weight + (_draw(8) == 0 ? 1 : 0) + (weight == 0 ? 1 : 0)));
    }

    // --- Keys and forms ---------------------------------------------------------------------------------------------

    function _current() private view returns (IOrgAccount.Policy memory) {
        return _decoded(_policy);
    }

    function _decoded(bytes memory policy) private pure returns (IOrgAccount.Policy memory p) {
        if (policy.length != 0) p = abi.decode(policy, (IOrgAccount.Policy));
    }

    function _own(bytes memory data) private view returns (IOrgAccount.Call memory) {
        return IOrgAccount.Call(address(account), data);
    }

    function _domain() private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(
                        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                    ),
                    keccak256("Tallystick OrgAccount"),
                    keccak256("1"),
                    block.chainid,
                    account
                )
            );
    }

    function _address(uint256 key) private pure returns (address) {
        return VM.addr(0xB0B + key);
    }

    function _signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(0xB0B + key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _keyOf(bytes memory signer) private pure returns (uint256 key) {
        while (keccak256(abi.encodePacked(_address(key))) != keccak256(signer)) ++key;
    }

    /// @dev 20 or more: no signer.
    function _placeOf(IOrgAccount.Policy memory p, uint256 key) private pure returns (uint256 place) {
        bytes32 id = keccak256(abi.encodePacked(_address(key)));
        for (place = 0; place < p.signers.length; ++place) {
            if (keccak256(p.signers[place].key) == id) return place;
        }
        return 20;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {ICallReader, KIND_FINANCE, KIND_OTHER, KIND_OWN, LARGEST} from "./ICallReader.sol";
import {IOrgAccount} from "./IOrgAccount.sol";
import {IRecoveries} from "./IRecoveries.sol";
import {Policies} from "./Policies.sol";
import {Signatures} from "./Signatures.sol";
import {newSignerSlot, SignerSlot} from "./SignerSlot.sol";

/**
 * @title OrgAccount
 * @notice See {IOrgAccount}. Made as a clone by {OrgAccountFactory}; not upgradeable; trusts nobody but its signers, by its policy.
 * @dev ERC-1271 answers only to ERC-7739 nested signatures, so what was signed for one contract or for one firm is worth
 * nothing at another. It cannot see what is signed and changes nothing, so it asks for what the firm's dearest financing would, and a signer
 * with a limit a day does not count there.
 *
 * OpenZeppelin's MultiSignerERC7913Weighted keeps membership and weight in slots of their own and has no place for level, validity and limit:
 * with it a signature would read two slots more. What checks signatures and nests them is OpenZeppelin's.
 */
contract OrgAccount is IOrgAccount, Initializable, ERC7739 {
    /// @param version Of the policy; changes are bound to it.
    /// @param announcements So many have been made.
    /// @param pending So many changes wait.
    struct Head {
        uint16 threshold;
        uint16 adminThreshold;
        uint40 changeDelay;
        uint32 version;
        uint32 announcements;
        uint8 pending;
        uint8 ruleCount;
    }

    /// @param by A bit for each one's place in the list; 0 is nobody.
    /// @param limited The hash of the key of the first who has a limit a day; 0 if nobody has.
    /// @param alsoLimited Of the others, among zeros: a list costs as much as a tenth of what a limit does, and mostly there is one.
    struct Signed {
        uint256 by;
        uint256 weight;
        uint256 levels;
        bytes32 limited;
        bytes32[] alsoLimited;
    }

    bytes32 private constant CALL_TYPEHASH = keccak256("Call(address target,bytes data)");
    bytes32 private constant EXECUTE_TYPEHASH = keccak256(
        "Execute(Call[] calls,uint256 nonce,uint40 validUntil)Call(address target,bytes data)"
    );
    bytes32 private constant VETO_TYPEHASH = keccak256("Veto(bytes32 change)");
    bytes32 private constant STOP_RECOVERY_TYPEHASH = keccak256(
        "StopRecovery(address bills,uint32 member,uint256 nonce)"
    );
    uint8 private constant MAX_CHANGES = 8;

    /// @notice Reads what a batch is and for how much. An account without rules and limits never asks it.
    ICallReader public immutable reader;

    Head private _head;
    mapping(uint256 word => uint256 bits) private _usedNonces;
    mapping(bytes32 id => SignerSlot) private _signers;
    uint256[4] private _rules;
    bytes[] private _keys;
    mapping(bytes32 change => Change) private _changes;

    /// @dev Who signed the batch of the account's own affairs that is being carried out, and the version of the policy by which they did
    /// (`version 32 | by 32`).
    uint64 private transient _announcing;

    modifier onlySelf() {
        require(msg.sender == address(this), OrgAccountNotSelf(msg.sender));
        _;
    }

    /// @dev The implementation has no policy, so nothing can ever be signed for it.
    constructor(ICallReader reader_) EIP712("Tallystick OrgAccount", "1") {
        reader = reader_;
        _disableInitializers();
    }

    /// @notice Called once by the factory.
    function initialize(Policy calldata policy_) external initializer {
        _setPolicy(policy_);
    }

    // --- Acts -------------------------------------------------------------------------------------------------------

    /// @inheritdoc IOrgAccount
    function execute(
        Call[] calldata calls,
        uint256 nonce,
        uint40 validUntil,
        bytes calldata signature
    ) external {
        require(block.timestamp <= validUntil, OrgAccountExpired(validUntil));
        _useNonce(nonce);
        Signed memory signed = _signed(digestOf(calls, nonce, validUntil), signature);
        (uint256 kinds, uint256 amount) = _read(calls, signed.limited != 0);
        require(_isEnough(kinds, amount, signed), OrgAccountInvalidSignature());
        if (amount != 0 && signed.limited != 0) _chargeAll(signed, amount);
        emit Executed(nonce);
        if (kinds & KIND_OWN == 0) _makeCalls(calls);
        else _makeOwnCalls(calls, signed.by);
    }

    /// @inheritdoc IOrgAccount
    function rehearse(Call[] calldata calls) external {
        _announcing = uint64(_head.version) << 32;
        _makeCalls(calls);
        revert OrgAccountRehearsed();
    }

    // --- The account's own affairs ----------------------------------------------------------------------------------

    /// @inheritdoc IOrgAccount
    function cancelNonces(uint256 word, uint256 mask) external onlySelf {
        _usedNonces[word] |= mask;
    }

    /// @inheritdoc IOrgAccount
    function announceChange(Policy calldata policy_) external onlySelf returns (bytes32 change) {
        Head memory head = _head;
        // A change carried out in the midst of the batch has given the places of its signers to others.
        require(_announcing >> 32 == head.version, OrgAccountPolicyChanged());
        require(head.pending < MAX_CHANGES, OrgAccountTooManyChanges());
        Policies.requireSound(policy_);
        uint32 number = head.announcements + 1;
        change = changeHash(number, policy_);
        // Where there is one signer there is nobody whom a delay would give time to object.
        uint40 readyAt = uint40(block.timestamp) + (_keys.length == 1 ? 0 : head.changeDelay);
        _head.announcements = number;
        _head.pending = head.pending + 1;
        _changes[change] = Change(readyAt, head.version, uint32(_announcing));
        emit ChangeAnnounced(change, number, readyAt, uint32(_announcing), policy_);
    }

    /// @inheritdoc IOrgAccount
    function callOff(bytes32 change) external onlySelf {
        _pendingChange(change);
        _drop(change);
        emit ChangeCalledOff(change);
    }

    /// @inheritdoc IOrgAccount
    function carryOut(uint32 number, Policy calldata policy_) external {
        bytes32 change = changeHash(number, policy_);
        Change memory c = _pendingChange(change);
        require(block.timestamp >= c.readyAt, OrgAccountChangeNotReady(change, c.readyAt));
        delete _changes[change];
        _setPolicy(policy_);
        emit PolicyChanged(change, _head.version, policy_);
    }

    /// @inheritdoc IOrgAccount
    function veto(bytes32 change, bytes calldata signer, bytes calldata signature) external {
        Change memory c = _pendingChange(change);
        uint256 place = _requireSigned(keccak256(abi.encode(VETO_TYPEHASH, change)), signer, signature);
        uint256 by = c.announcedBy;
        require(
            by & (1 << place) == 0 && (by & (by - 1) == 0 || _isAnyOther(by | (1 << place))),
            OrgAccountVetoDoesNotCount(change, signer)
        );
        _drop(change);
        emit ChangeVetoed(change, signer);
    }

    /// @inheritdoc IOrgAccount
    function stopRecovery(
        address bills,
        uint32 number,
        uint256 nonce,
        bytes calldata signer,
        bytes calldata signature
    ) external {
        _useNonce(nonce);
        _requireSigned(
            keccak256(abi.encode(STOP_RECOVERY_TYPEHASH, bills, number, nonce)),
            signer,
            signature
        );
        IRecoveries(bills).stopRecovery(number);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IOrgAccount
    function policy() external view returns (Policy memory p, uint32 version) {
        Head memory head = _head;
        p.threshold = head.threshold;
        p.adminThreshold = head.adminThreshold;
        p.changeDelay = head.changeDelay;
        p.signers = new Signer[](_keys.length);
        for (uint256 i = 0; i < _keys.length; ++i) {
            p.signers[i] = _view(_signers[keccak256(_keys[i])]);
            p.signers[i].key = _keys[i];
        }
        p.rules = new Rule[](head.ruleCount);
        for (uint256 i = 0; i < head.ruleCount; ++i) p.rules[i] = Policies.ruleAt(_rules, i);
        version = head.version;
    }

    /// @inheritdoc IOrgAccount
    function signerOf(bytes calldata key) external view returns (Signer memory, uint56 usedToday) {
        SignerSlot s = _signers[keccak256(key)];
        return (_view(s), s.usedOn(_today()));
    }

    /// @inheritdoc IOrgAccount
    function neededFor(
        Call[] calldata calls
    ) external view returns (uint16 kinds, uint256 amount, uint16 threshold, uint8 levels) {
        (uint256 read, uint256 sum) = _read(calls, true);
        (uint256 weight, uint256 bits) = _needed(read, sum);
        return (uint16(read), sum, uint16(weight), uint8(bits));
    }

    /// @inheritdoc IOrgAccount
    function changeOf(bytes32 change) external view returns (Change memory c) {
        c = _changes[change];
        if (c.version != _head.version) delete c;
    }

    /// @inheritdoc IOrgAccount
    function changeHash(uint32 number, Policy calldata policy_) public pure returns (bytes32) {
        return keccak256(abi.encode(number, policy_));
    }

    /// @inheritdoc IOrgAccount
    function usedNonces(uint256 word) external view returns (uint256) {
        return _usedNonces[word];
    }

    /// @inheritdoc IOrgAccount
    function digestOf(Call[] calldata calls, uint256 nonce, uint40 validUntil) public view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            hashes[i] = keccak256(abi.encode(CALL_TYPEHASH, call.target, keccak256(call.data)));
        }
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(EXECUTE_TYPEHASH, keccak256(abi.encodePacked(hashes)), nonce, validUntil)
                )
            );
    }

    // --- Signatures -------------------------------------------------------------------------------------------------

    /// @dev What {ERC7739} asks, after it has nested the hash.
    function _rawSignatureValidation(
        bytes32 hash,
        bytes calldata signature
    ) internal view override returns (bool) {
        Signed memory signed = _signed(hash, signature);
        return signed.limited == 0 && _isEnough(KIND_FINANCE, LARGEST, signed);
    }

    /// @dev Who has signed. Nobody, if a signature is wrong, or one of them is no valid signer or stands there twice, wherever.
    function _signed(bytes32 hash, bytes calldata signature) private view returns (Signed memory signed) {
        (bool ok, bytes[] calldata keys, bytes[] calldata signatures) = Signatures.split(signature);
        if (!ok || keys.length == 0 || keys.length > Policies.MAX_SIGNERS) return signed;
        (uint256 by, uint256 weight, uint256 levels) = (0, 0, 0);
        bytes32 limited;
        bytes32[] memory others;
        for (uint256 i = 0; i < keys.length; ++i) {
            bytes memory key = keys[i];
            bytes32 id = keccak256(key);
            SignerSlot s = _signers[id];
            uint256 bit = 1 << s.place();
            if (!s.isValid() || by & bit != 0) return signed;
            if (!SignatureChecker.isValidSignatureNow(key, hash, signatures[i])) return signed;
            by |= bit;
            weight += s.weight();
            if (s.level() != 0) levels |= 1 << (s.level() - 1);
            if (s.dayLimit() == 0) continue;
            if (limited == 0) {
                limited = id;
                continue;
            }
            if (others.length == 0) others = new bytes32[](keys.length);
            others[i] = id;
        }
        return Signed(by, weight, levels, limited, others);
    }

    /// @dev A clone that nobody has initialised has no signers.
    function _isEnough(uint256 kinds, uint256 amount, Signed memory signed) private view returns (bool) {
        (uint256 weight, uint256 levels) = _needed(kinds, amount);
        return signed.by != 0 && signed.weight >= weight && levels & ~signed.levels == 0;
    }

    function _needed(uint256 kinds, uint256 amount) private view returns (uint256 weight, uint256 levels) {
        Head storage h = _head;
        return Policies.needed(_rules, h.ruleCount, h.threshold, h.adminThreshold, kinds, amount);
    }

    /// @dev The place of the one signer that has signed a struct of its own.
    function _requireSigned(
        bytes32 structHash,
        bytes calldata signer,
        bytes calldata signature
    ) private view returns (uint256 place) {
        SignerSlot s = _signers[keccak256(signer)];
        require(
            s.isValid() &&
                SignatureChecker.isValidSignatureNow(signer, _hashTypedDataV4(structHash), signature),
            OrgAccountInvalidSignature()
        );
        return s.place();
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev What the account may do to itself is not a matter of amounts. Where no rule and no limit asks for more, nothing else matters.
    function _read(
        Call[] calldata calls,
        bool isLimited
    ) private view returns (uint256 kinds, uint256 amount) {
        bool isRead = isLimited || _head.ruleCount != 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            address target = call.target;
            if (target == address(this)) {
                kinds |= KIND_OWN;
            } else if (!isRead) {
                kinds |= KIND_OTHER;
            } else {
                (uint256 kind, uint256 more) = reader.read(target, call.data);
                kinds |= kind;
                // The reader says {LARGEST} at most.
                amount += more;
                if (amount > LARGEST) amount = LARGEST;
            }
        }
    }

    /// @dev What is charged stays charged only if the batch is carried out.
    function _chargeAll(Signed memory signed, uint256 amount) private {
        _charge(signed.limited, amount);
        for (uint256 i = 0; i < signed.alsoLimited.length; ++i) {
            if (signed.alsoLimited[i] != 0) _charge(signed.alsoLimited[i], amount);
        }
    }

    function _charge(bytes32 id, uint256 amount) private {
        uint24 today = _today();
        SignerSlot s = _signers[id];
        uint56 used = s.usedOn(today);
        uint56 limit = s.dayLimit();
        // What is used is never above the limit, unless a change has lowered it since.
        if (used > limit || amount > limit - used) {
            revert OrgAccountDayLimitExceeded(id, amount, used, limit);
        }
        _signers[id] = s.withUse(today, used + uint56(amount));
    }

    /// @dev Among the calls are the account's own, which ask who signed. Another batch may be carried out in the midst of this one.
    function _makeOwnCalls(Call[] calldata calls, uint256 by) private {
        uint64 before = _announcing;
        _announcing = (uint64(_head.version) << 32) | uint32(by);
        _makeCalls(calls);
        _announcing = before;
    }

    /// @dev Replaces all. Limits stay charged with what their signers have signed today.
    function _setPolicy(Policy calldata p) private {
        Policies.requireSound(p);
        uint256 count = p.signers.length;
        SignerSlot[] memory old = new SignerSlot[](count);
        for (uint256 i = 0; i < count; ++i) old[i] = _signers[keccak256(p.signers[i].key)];
        for (uint256 i = 0; i < _keys.length; ++i) _signers[keccak256(_keys[i])] = SignerSlot.wrap(0);
        delete _keys;
        for (uint256 i = 0; i < count; ++i) {
            Signer calldata s = p.signers[i];
            _keys.push(s.key);
            _signers[keccak256(s.key)] = newSignerSlot(s.weight, s.level, s.validUntil, s.dayLimit, uint8(i))
                .withUseOf(old[i]);
        }
        for (uint256 n = 0; n < 4; ++n) {
            uint256 slot = Policies.packed(p.rules, n);
            if (_rules[n] != slot) _rules[n] = slot;
        }
        _head = Head({
            threshold: p.threshold,
            adminThreshold: p.adminThreshold,
            changeDelay: p.changeDelay,
            version: _head.version + 1,
            announcements: _head.announcements,
            pending: 0,
            ruleCount: uint8(p.rules.length)
        });
    }

    function _pendingChange(bytes32 change) private view returns (Change memory c) {
        c = _changes[change];
        require(c.readyAt != 0 && c.version == _head.version, OrgAccountNoSuchChange(change));
    }

    function _drop(bytes32 change) private {
        delete _changes[change];
        --_head.pending;
    }

    /// @dev Whether a valid signer stands in the list beside those of `but`.
    function _isAnyOther(uint256 but) private view returns (bool) {
        for (uint256 i = 0; i < _keys.length; ++i) {
            if (but & (1 << i) == 0 && _signers[keccak256(_keys[i])].isValid()) return true;
        }
        return false;
    }

    function _useNonce(uint256 nonce) private {
        uint256 word = nonce >> 8;
        uint256 bit = 1 << (nonce & 0xff);
        uint256 used = _usedNonces[word];
        require(used & bit == 0, OrgAccountNonceUsed(nonce));
        _usedNonces[word] = used | bit;
    }

    function _makeCalls(Call[] calldata calls) private {
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            Address.functionCall(call.target, call.data);
        }
    }

    /// @dev Days of Asia/Shanghai.
    function _today() private view returns (uint24) {
        unchecked {
            // A time does not come near the end of 256 bits.
            return uint24((block.timestamp + 8 hours) / 1 days);
        }
    }

    function _view(SignerSlot s) private pure returns (Signer memory) {
        return Signer("", s.weight(), s.level(), s.validUntil(), s.dayLimit());
    }
}

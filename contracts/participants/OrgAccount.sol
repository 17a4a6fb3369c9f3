// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MultiSignerERC7913Weighted} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913Weighted.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {IOrgAccount} from "./IOrgAccount.sol";

/**
 * @title OrgAccount
 * @notice See {IOrgAccount}. Made as a clone by {OrgAccountFactory}; not upgradeable; trusts nobody but its signers.
 * @dev ERC-1271 answers only to ERC-7739 nested signatures, so what was signed for one contract or for one firm is worth
 * nothing at another.
 */
contract OrgAccount is IOrgAccount, Initializable, MultiSignerERC7913Weighted, ERC7739 {
    bytes32 private constant CALL_TYPEHASH = keccak256("Call(address target,bytes data)");
    bytes32 private constant EXECUTE_TYPEHASH = keccak256(
        "Execute(Call[] calls,uint256 nonce,uint40 validUntil)Call(address target,bytes data)"
    );

    mapping(uint256 word => uint256 bits) private _usedNonces;

    modifier onlySelf() {
        require(msg.sender == address(this), OrgAccountNotSelf(msg.sender));
        _;
    }

    /// @dev The implementation is its own and only signer, so nothing can ever be signed for it.
    constructor()
        EIP712("Tallystick OrgAccount", "1")
        MultiSignerERC7913Weighted(_only(abi.encodePacked(address(this))), _one(), 1)
    {
        _disableInitializers();
    }

    /// @notice Called once by the factory.
    function initialize(
        bytes[] calldata signers,
        uint64[] calldata weights,
        uint64 threshold_
    ) external initializer {
        _addSigners(signers);
        _setSignerWeights(signers, weights);
        _setThreshold(threshold_);
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
        require(
            _rawSignatureValidation(digestOf(calls, nonce, validUntil), signature),
            OrgAccountInvalidSignature()
        );
        emit Executed(nonce);
        _makeCalls(calls);
    }

    /// @inheritdoc IOrgAccount
    function rehearse(Call[] calldata calls) external {
        _makeCalls(calls);
        revert OrgAccountRehearsed();
    }

    // --- The account's own affairs ----------------------------------------------------------------------------------

    /// @inheritdoc IOrgAccount
    function cancelNonces(uint256 word, uint256 mask) external onlySelf {
        _usedNonces[word] |= mask;
    }

    /// @inheritdoc IOrgAccount
    function changeSigners(
        bytes[] calldata removed,
        bytes[] calldata added,
        uint64[] calldata weights,
        uint64 threshold_
    ) external onlySelf {
        _addSigners(added);
        _setSignerWeights(added, weights);
        // Either order of the two can pass through an unreachable threshold; a reachable one stands in between.
        if (threshold_ < threshold()) _setThreshold(threshold_);
        _removeSigners(removed);
        if (threshold_ != threshold()) _setThreshold(threshold_);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

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

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev Weights are at least 1, so as many signers as the threshold counts are enough: a firm whose signers weigh the
    /// same is spared the reading of each one's weight. A clone that nobody has initialised has no threshold and accepts
    /// nothing.
    function _validateThreshold(bytes[] calldata signers) internal view override returns (bool) {
        uint64 needed = threshold();
        return needed != 0 && (signers.length >= needed || super._validateThreshold(signers));
    }

    /// @dev One signature, the usual case, is checked in place: among several the library also looks for repeated signers.
    function _validateSignatures(
        bytes32 hash,
        bytes[] calldata signers,
        bytes[] calldata signatures
    ) internal view override returns (bool) {
        if (signers.length != 1 || signatures.length != 1) {
            return super._validateSignatures(hash, signers, signatures);
        }
        bytes memory signer = signers[0];
        return isSigner(signer) && SignatureChecker.isValidSignatureNow(signer, hash, signatures[0]);
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

    function _only(bytes memory signer) private pure returns (bytes[] memory signers) {
        signers = new bytes[](1);
        signers[0] = signer;
    }

    function _one() private pure returns (uint64[] memory weights) {
        weights = new uint64[](1);
        weights[0] = 1;
    }
}

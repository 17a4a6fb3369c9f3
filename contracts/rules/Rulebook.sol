// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IRulebook} from "./IRulebook.sol";

/**
 * @title Rulebook
 * @notice See {IRulebook}. What is published is never changed: only replaced, from a day that is not in the past.
 */
contract Rulebook is IRulebook, AccessManaged {
    mapping(uint16 packNo => Pack) private _packs;
    mapping(uint16 packNo => bytes32) private _documentHashes;
    mapping(uint8 kind => uint16 packNo) private _latest;
    mapping(uint16 packNo => uint16) private _previous;
    uint16 private _packCount;

    constructor(address accessManager) AccessManaged(accessManager) {}

    /// @inheritdoc IRulebook
    function publish(
        uint8 kind,
        uint40 effectiveFrom,
        uint8 tenorMonths,
        uint16 basis,
        uint16 maxSplits,
        bytes32 documentHash
    ) external restricted returns (uint16 packNo) {
        require(kind != 0 && tenorMonths != 0 && (basis == 360 || basis == 365), RulebookInvalidPack());
        uint16 previous = _latest[kind];
        if (previous != 0) {
            // The first pack of a kind may start in the past: no bill was issued before it.
            bool follows = effectiveFrom >= block.timestamp && effectiveFrom > _packs[previous].effectiveFrom;
            require(follows, RulebookInvalidStart(effectiveFrom));
            _packs[previous].effectiveTo = effectiveFrom;
            emit PackClosed(previous, effectiveFrom);
        }
        packNo = ++_packCount;
        (_latest[kind], _previous[packNo]) = (packNo, previous);
        _packs[packNo] = Pack(kind, effectiveFrom, 0, tenorMonths, basis, maxSplits);
        _documentHashes[packNo] = documentHash;
        emit PackPublished(packNo, kind, _packs[packNo], documentHash);
    }

    /// @inheritdoc IRulebook
    function withdraw(uint16 packNo) external restricted {
        Pack storage p = _packs[packNo];
        require(p.kind != 0 && _latest[p.kind] == packNo, RulebookUnknownPack(packNo));
        require(block.timestamp < p.effectiveFrom, RulebookInvalidStart(p.effectiveFrom));
        uint16 previous = _previous[packNo];
        _latest[p.kind] = previous;
        p.effectiveTo = p.effectiveFrom;
        emit PackWithdrawn(packNo);
        if (previous == 0) return;
        _packs[previous].effectiveTo = 0;
        emit PackClosed(previous, 0);
    }

    /// @inheritdoc IRulebook
    function inForce(uint16 packNo) external view returns (uint8 kind, uint8 tenorMonths, uint16 basis) {
        Pack storage p = _packs[packNo];
        require(
            p.kind != 0 &&
                block.timestamp >= p.effectiveFrom &&
                (p.effectiveTo == 0 || block.timestamp < p.effectiveTo),
            RulebookNotInForce(packNo)
        );
        return (p.kind, p.tenorMonths, p.basis);
    }

    /// @inheritdoc IRulebook
    function pack(uint16 packNo) external view returns (Pack memory, bytes32 documentHash) {
        require(_packs[packNo].kind != 0, RulebookUnknownPack(packNo));
        return (_packs[packNo], _documentHashes[packNo]);
    }

    /// @inheritdoc IRulebook
    function latest(uint8 kind) external view returns (uint16 packNo) {
        return _latest[kind];
    }
}

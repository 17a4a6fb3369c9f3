// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title IRulebook
 * @notice Dated packs of the numbers that law or practice sets. A bill pins the pack in force when it was issued.
 */
interface IRulebook {
    /// @notice One pack, in one storage slot.
    /// @param kind Instrument that it rules (see `Terms.sol`).
    /// @param effectiveFrom First instant of force; `effectiveTo`: first instant after it, 0 while open.
    /// @param tenorMonths Longest time from issue to maturity, in calendar months.
    /// @param basis Days of a year of interest, 360 or 365.
    /// @param maxSplits Pieces of one bill beyond which its splitting is reported (77号文); the ledger stops nobody by it.
    struct Pack {
        uint8 kind;
        uint40 effectiveFrom;
        uint40 effectiveTo;
        uint8 tenorMonths;
        uint16 basis;
        uint16 maxSplits;
    }

    event PackPublished(uint16 indexed packNo, uint8 indexed kind, Pack pack, bytes32 documentHash);
    /// @notice The pack is replaced from `effectiveTo` on; 0: it is open again.
    event PackClosed(uint16 indexed packNo, uint40 effectiveTo);
    /// @notice The announced pack never comes into force.
    event PackWithdrawn(uint16 indexed packNo);

    error RulebookUnknownPack(uint16 packNo);
    error RulebookNotInForce(uint16 packNo);
    /// @dev A pack starts now or later, and after the one that it replaces.
    error RulebookInvalidStart(uint40 effectiveFrom);
    error RulebookInvalidPack();

    /// @notice Publishes the pack that rules `kind` from `effectiveFrom` on and closes its predecessor. Operator only.
    /// @param documentHash Hash of the pack's full text with its citations.
    function publish(
        uint8 kind,
        uint40 effectiveFrom,
        uint8 tenorMonths,
        uint16 basis,
        uint16 maxSplits,
        bytes32 documentHash
    ) external returns (uint16 packNo);

    /// @notice Takes back the newest pack of a kind before it is in force; the one that it would have replaced is open again.
    /// Operator only.
    function withdraw(uint16 packNo) external;

    /// @notice What a new bill needs of the pack, if it is in force now; reverts otherwise.
    function inForce(uint16 packNo) external view returns (uint8 kind, uint8 tenorMonths, uint16 basis);

    function pack(uint16 packNo) external view returns (Pack memory, bytes32 documentHash);

    /// @notice The newest pack of a kind, in force or announced; 0 if there is none.
    function latest(uint8 kind) external view returns (uint16 packNo);
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev How long the naming of a helper, or a recovery that both agree on, is announced before it counts.
uint40 constant RECOVERY_DELAY = 7 days;
/// @dev A proposal is void so long after it was made.
uint40 constant RECOVERY_END = 30 days;

/**
 * @title IRecoveries
 * @notice How a member that has lost all its keys comes to another account.
 *
 * While all is well a member names another as its helper. When all keys are lost, the helper and the operator propose the same new
 * account; from the later proposal on {RECOVERY_DELAY} runs, in which any key of the present account can stop it; then the new account
 * completes it, and the member has moved with its deposits. Neither helper nor operator alone can do anything.
 *
 * A proposal is void {RECOVERY_END} after it was made, once the member has moved, and, if it is the helper's, once the helper
 * has been suspended, has moved, or is the helper no longer. A suspended member can be recovered and stays suspended: what it is owed
 * must not be lost with its keys, and an order must not be lifted by losing them.
 *
 * When several errors fit, those of {IMembers} win, then the one that stands first here.
 */
interface IRecoveries {
    /// @notice From the instant `from` on, `helper` helps the member to recover; 0 is nobody.
    event HelperNamed(uint32 indexed number, uint32 indexed helper, uint40 from);
    /// @notice `by` (the helper, 0 for the operator) would have the member move to `to`. It can be completed in `[from, until)`; both
    /// 0 as long as the other has not proposed the same, or too long ago.
    event RecoveryProposed(
        uint32 indexed number,
        uint32 indexed by,
        address indexed to,
        uint40 from,
        uint40 until,
        bytes32 reasonHash
    );
    /// @notice `by` (the helper, 0 for the operator) proposes nothing any more.
    event RecoveryWithdrawn(uint32 indexed number, uint32 indexed by);
    /// @notice A key of the member's present account stopped it: both proposals are void.
    event RecoveryStopped(uint32 indexed number, address indexed account);
    /// @notice The member has moved without its keys; follows {IParticipants-AccountMoved}. Proposals and a naming of a helper
    /// that did not count yet are void.
    event RecoveryCompleted(uint32 indexed number, address indexed from, address indexed to);

    /// @dev A member cannot help itself.
    error RecoveriesOwnHelper(uint32 number);
    /// @dev The caller is not the helper of the member; 0: the member has none.
    error RecoveriesNotHelper(uint32 number, uint32 caller);
    /// @dev One account cannot be the helper and the operator.
    error RecoveriesBothHalves(address caller);
    /// @dev The caller is not the member's present account.
    error RecoveriesNotMember(uint32 number, address caller);
    /// @dev There is no proposal to withdraw or to stop.
    error RecoveriesNone(uint32 number);
    /// @dev Helper and operator do not both propose this account, or their word counts no longer.
    error RecoveriesNotAgreed(uint32 number, address to);
    error RecoveriesTooEarly(uint32 number, uint40 from);

    /// @notice The calling member names its helper, or with 0 nobody, from {RECOVERY_DELAY} later on; until then the present one stays, so
    /// that who has the keys for an hour cannot put another in its place. A later call replaces one that does not count yet.
    function nameHelper(uint32 helper) external;

    /// @notice The helper of member `number` proposes that it move to `to`; a later call replaces it and its time.
    function proposeRecovery(uint32 number, address to) external;

    /// @notice The helper takes its proposal back.
    function withdrawRecovery(uint32 number) external;

    /// @notice As {proposeRecovery}, by reasoned order. Operator only.
    function proposeRecoveryAsOperator(uint32 number, address to, bytes32 reasonHash) external;

    /// @notice Takes the operator's proposal back. Operator only.
    function withdrawRecoveryAsOperator(uint32 number) external;

    /// @notice The member's present account, suspended or not, ends both proposals.
    function stopRecovery(uint32 number) external;

    /// @notice The calling account becomes that of the member, whose deposits go along, when both proposed it and the time is over.
    function completeRecovery(uint32 number) external;

    /// @notice The member's helper: `present` before the instant `from`, `next` from then on; 0 is nobody.
    function helperOf(uint32 number) external view returns (uint32 present, uint32 next, uint40 from);

    /// @notice What was proposed, by which helper and by the operator, and when; whether it counts {recoveryWindow} says.
    function recovery(
        uint32 number
    )
        external
        view
        returns (uint32 helper, address byHelper, uint40 helperAt, address byOperator, uint40 operatorAt);

    /// @notice When the recovery can be completed: `[from, until)`; both 0 if helper and operator do not agree, or their words count
    /// no longer.
    function recoveryWindow(uint32 number) external view returns (uint40 from, uint40 until);
}

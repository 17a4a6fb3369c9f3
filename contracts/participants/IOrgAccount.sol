// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title IOrgAccount
 * @notice A firm's account: what enough of its signers sign, by the firm's own policy, anybody may relay.
 *
 * Signers are ERC-7913 (`address` for ECDSA and contracts, `verifier ‖ key` for P-256 and others). A signature is
 * `abi.encode(bytes[] signers, bytes[] signatures)`.
 *
 * **Enough.** {ICallReader} reads the kinds of the batch and the sum of its amounts. A rule matches that names one of the kinds and
 * begins at the amount or below. The weights of those who signed reach the highest threshold of the matching rules, and of each level
 * that one of these rules asks for somebody has signed; a signer has one level, so these are different people. A kind that no matching
 * rule names counts with `threshold`. The account's own affairs (`OWN`) count with `adminThreshold`, whichever rules match beside.
 *
 * **Limits.** A signer that has a limit a day is charged with the amount of each batch that it signs; beyond it the batch is refused.
 *
 * **Change.** Policy and signers change together, as one whole {Policy}: {announceChange} in a signed batch, a delay in which the others
 * may {veto}, then {carryOut} by anybody. A change is bound to the policy under which it was announced: carrying one out voids the rest.
 *
 * **Life.** Each policy can be acted under by its permanent signers alone (`validUntil` 0): they reach both thresholds and that of each
 * rule, and cover the levels of each. Limits do not stand in the way of the account's own affairs, whose amount is 0, so a policy can always be
 * changed. `adminThreshold` may be lower than `threshold`: then those who are left replace a lost key, since delay and veto guard it.
 */
interface IOrgAccount {
    struct Call {
        address target;
        bytes data;
    }

    /// @param key ERC-7913; unique among the signers.
    /// @param weight 1 or more.
    /// @param level 1 maker (经办), 2 checker (复核), 3 authoriser (授权), … 8; 0 for none.
    /// @param validUntil The last instant at which it may sign; 0 for no end.
    /// @param dayLimit Minor units that it may sign for on one day of Asia/Shanghai; 0 for no limit.
    struct Signer {
        bytes key;
        uint16 weight;
        uint8 level;
        uint40 validUntil;
        uint56 dayLimit;
    }

    /// @param kinds Of instruction, as {ICallReader} has them, a bit each; one or more.
    /// @param from Minor units: for batches of this amount or more.
    /// @param threshold 1 or more. It may be lower than that of the policy.
    /// @param levels Of which each must be among those who sign: bit 0 for level 1, … bit 7 for level 8.
    struct Rule {
        uint16 kinds;
        uint56 from;
        uint16 threshold;
        uint8 levels;
    }

    /// @param signers 1 to 20.
    /// @param rules At most 8.
    /// @param threshold Of a batch of which no rule says more; 1 or more.
    /// @param adminThreshold Of the account's own affairs; 1 or more.
    /// @param changeDelay Seconds between announcing a change and carrying it out: an hour to 30 days. An account of one signer
    /// changes at once, because nobody else could object.
    struct Policy {
        Signer[] signers;
        Rule[] rules;
        uint16 threshold;
        uint16 adminThreshold;
        uint40 changeDelay;
    }

    /// @param readyAt The instant from which it can be carried out.
    /// @param version Of the policy under which it was announced.
    /// @param announcedBy Who signed the announcement: a bit for each place in the list of that policy's signers.
    struct Change {
        uint40 readyAt;
        uint32 version;
        uint32 announcedBy;
    }

    /// @notice The batch signed under `nonce` was carried out whole.
    event Executed(uint256 indexed nonce);
    /// @notice The policy would become `policy`, from `readyAt` on; `number` makes this announcement different from each other.
    event ChangeAnnounced(
        bytes32 indexed change,
        uint32 number,
        uint40 readyAt,
        uint32 announcedBy,
        Policy policy
    );
    /// @notice `signer` has stopped the change.
    event ChangeVetoed(bytes32 indexed change, bytes signer);
    /// @notice Those who may announce a change have taken this one back.
    event ChangeCalledOff(bytes32 indexed change);
    /// @notice The policy is now `policy`; whatever else was announced is void.
    event PolicyChanged(bytes32 indexed change, uint32 version, Policy policy);

    error OrgAccountNonceUsed(uint256 nonce);
    error OrgAccountExpired(uint40 validUntil);
    /// @dev Not signed by enough, or by somebody who does not sign (any more) for this account.
    error OrgAccountInvalidSignature();
    /// @dev The signer (the hash of its key) has signed for `used` of its `dayLimit` today, and `amount` is more than is left.
    error OrgAccountDayLimitExceeded(bytes32 signerHash, uint256 amount, uint256 used, uint256 dayLimit);
    /// @dev The function is the account's own: reach it by a signed batch that calls the account.
    error OrgAccountNotSelf(address caller);
    /// @dev The rehearsal would have succeeded.
    error OrgAccountRehearsed();

    /// @dev Too short, without weight, of an unknown level, named twice, or such as can never sign: this account, nobody, or a verifier
    /// where no contract is.
    error OrgAccountInvalidSigner(bytes key);
    /// @dev None or more than 20 signers, more than 8 rules, a threshold of 0, or a delay that is too short or too long.
    error OrgAccountInvalidPolicy();
    /// @dev Of no kind or of an unknown one, or with a threshold of 0.
    error OrgAccountInvalidRule(uint256 index);
    /// @dev Permanent signers reach only `weight` of it.
    error OrgAccountUnreachable(uint256 weight, uint16 threshold);
    /// @dev No permanent signer has one of these levels.
    error OrgAccountLevelsMissing(uint8 levels);
    /// @dev There is no such change, it was stopped, or the policy is no longer the one under which it was announced.
    error OrgAccountNoSuchChange(bytes32 change);
    error OrgAccountChangeNotReady(bytes32 change, uint40 readyAt);
    /// @dev So many changes wait already: call one off in the same batch.
    error OrgAccountTooManyChanges();
    /// @dev The signer has signed the announcement, or is the only one that has not while two or more have.
    error OrgAccountVetoDoesNotCount(bytes32 change, bytes signer);
    /// @dev The policy has changed since this batch was begun.
    error OrgAccountPolicyChanged();

    // --- Acts -------------------------------------------------------------------------------------------------------

    /// @notice Makes all of `calls`, or none. EIP-712:
    /// `Execute(Call[] calls,uint256 nonce,uint40 validUntil)Call(address target,bytes data)`.
    /// @param nonce Any unused number; independent acts use different ones and run in any order.
    /// @param validUntil Instant after which the batch is refused.
    function execute(
        Call[] calldata calls,
        uint256 nonce,
        uint40 validUntil,
        bytes calldata signature
    ) external;

    /// @notice Makes `calls` and always reverts: with {OrgAccountRehearsed}, or with the error of the first that fails.
    /// For `eth_call`, to learn what a batch would do before anybody signs it. Nobody can change anything with it.
    function rehearse(Call[] calldata calls) external;

    // --- The account's own affairs ----------------------------------------------------------------------------------

    /// @notice Makes unused nonces `word·256 + i`, for each bit i of `mask`, unusable. Self only.
    function cancelNonces(uint256 word, uint256 mask) external;

    /// @notice Announces that the whole policy, signers included, becomes `policy_`. Self only. At most 8 wait at a time.
    function announceChange(Policy calldata policy_) external returns (bytes32 change);

    /// @notice Takes an announced change back. Self only.
    function callOff(bytes32 change) external;

    /// @notice Anybody carries out a change whose delay is over and that nobody has stopped.
    /// @param number Of the announcement.
    function carryOut(uint32 number, Policy calldata policy_) external;

    /// @notice One signer that has not signed the announcement stops a change that is not carried out yet; anybody may relay it. EIP-712:
    /// `Veto(bytes32 change)`. Where two or more have announced it and this signer is the only other one that is valid, its veto does not
    /// count: a lone key stops neither all others nor, by announcing, one other lone key.
    function veto(bytes32 change, bytes calldata signer, bytes calldata signature) external;

    /// @notice One signer has the account stop the recovery of member `number` at the ledger of `bills`: a key that still exists says that
    /// not all are lost. EIP-712: `StopRecovery(address bills,uint32 member,uint256 nonce)`; the nonce is one of the account's, so a
    /// signature stops one recovery and no later one.
    function stopRecovery(
        address bills,
        uint32 number,
        uint256 nonce,
        bytes calldata signer,
        bytes calldata signature
    ) external;

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @notice All of the policy, and its version, from 1 on.
    function policy() external view returns (Policy memory, uint32 version);

    /// @notice What a signer counts and may, its key left out, and what it has signed for today; zeros if it is none.
    function signerOf(bytes calldata key) external view returns (Signer memory, uint56 usedToday);

    /// @notice What a batch needs: the kinds and the amount that are read of it, the weight of those who sign, and the levels among them.
    function neededFor(
        Call[] calldata calls
    ) external view returns (uint16 kinds, uint256 amount, uint16 threshold, uint8 levels);

    /// @notice A change that waits; zeros if there is none (any more).
    function changeOf(bytes32 change) external view returns (Change memory);

    /// @notice The hash under which the announcement `number` of this policy is known.
    function changeHash(uint32 number, Policy calldata policy_) external pure returns (bytes32);

    /// @notice The used nonces of `word·256 … word·256 + 255`, as bits.
    function usedNonces(uint256 word) external view returns (uint256);

    /// @notice The EIP-712 digest that signers sign for a batch.
    function digestOf(
        Call[] calldata calls,
        uint256 nonce,
        uint40 validUntil
    ) external view returns (bytes32);
}

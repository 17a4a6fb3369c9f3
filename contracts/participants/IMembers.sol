// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Member} from "./Member.sol";

/**
 * @title IMembers
 * @notice Who is who: what every act asks first, and what other contracts ask in the midst of one.
 */
interface IMembers {
    /// @dev No member has this account.
    error ParticipantsUnknownAccount(address account);
    /// @dev No member has this number.
    error ParticipantsUnknownMember(uint32 number);
    /// @dev The member is suspended or its credential has expired.
    error ParticipantsNotActive(uint32 number);

    /// @notice The active member behind `account`; reverts if there is none or it is not active.
    function actor(address account) external view returns (uint32 number, uint16 roles);

    /// @notice The active member behind `account` and the active member `other`, checked in the order: both known, then
    /// `account`'s active, then `other` active.
    function pair(address account, uint32 other) external view returns (Member, Member);

    /// @notice The account of a member, active or not; reverts if there is no such member.
    function accountOf(uint32 number) external view returns (address);

    /// @notice The member number of an account, active or not; 0 if it is nobody's.
    function numberOf(address account) external view returns (uint32);
}

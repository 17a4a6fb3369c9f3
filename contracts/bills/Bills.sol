// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {IMembers} from "../participants/IMembers.sol";
import {Member} from "../participants/Member.sol";
import {BillsExtension} from "./BillsExtension.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBillsHot} from "./IBillsHot.sol";
import {Issues} from "./Issues.sol";
import {Offers} from "./Offers.sol";
import {Payments} from "./Payments.sol";
import {Sales} from "./Sales.sol";

/**
 * @title Bills
 * @notice The ledger, at whose address all of {IBills} is called: what is done every day is here, the rest in {BillsExtension},
 * which is fixed for good when this is made. Holds what was paid in to bills until it is paid out, and nothing else.
 *
 * It promises that the parcels of a bill always cover its line, that a parcel moves only by its holder's call (and then
 * by the taker's, or a bank's signed order), and that what is paid in is paid out to the cent. It has no upgrade path and
 * gives the operator no function that touches a bill: only those of {Participants}, which write members and nothing else.
 * It trusts the contracts that {IBills-parts} names; an admitted desk is trusted to have checked the order of a bank that
 * named it, and can do nothing with a parcel whose holder did not call. Nothing that a holder does to its own cents counts
 * against another: there is no shared number of cuts, and whoever reads or pays names the range.
 */
contract Bills is IMembers, Issues, Offers, Sales, Payments {
    /// @inheritdoc IBillsHot
    address public immutable extension;

    /// @dev What the ledger trusts is read from its extension, so that the two cannot trust different contracts.
    constructor(BillsExtension extension_) BillsStorage(extension_.parts()) {
        extension = address(extension_);
    }

    // --- Asked by other contracts -----------------------------------------------------------------------------------

    /// @inheritdoc IMembers
    function actor(address account) external view returns (uint32 number, uint16 roles) {
        Member m = _actor(account);
        return (m.number(), m.roles());
    }

    /// @inheritdoc IMembers
    function pair(address account, uint32 other) external view returns (Member, Member) {
        return _pair(account, other);
    }

    /// @inheritdoc IMembers
    function accountOf(uint32 number) external view returns (address) {
        return _known(number).account();
    }

    /// @inheritdoc IMembers
    function numberOf(address account) external view returns (uint32) {
        return _memberOf(account).number();
    }

    /// @inheritdoc IBillsHot
    function checkPayment(address from, address to, address spender) external view returns (bool) {
        _actor(from);
        if (spender != from && !_desks[ISaleDesk(spender)]) _actor(spender);
        return _memberOf(to).exists();
    }

    // --- Everything else --------------------------------------------------------------------------------------------

    /// @dev Reverts as the extension reverts; reverts where it has no such function either.
    fallback(bytes calldata data) external returns (bytes memory) {
        return Address.functionDelegateCall(extension, data);
    }
}

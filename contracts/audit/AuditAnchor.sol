// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title AuditAnchor
 * @notice Heads of hash chains that are kept elsewhere, so that nobody can rewrite such a chain without being found out.
 *
 * Anybody anchors, each under its own address: what one sender wrote, no other can change or crowd out, and the sender itself can only
 * add to it. What a head means, this contract does not know: a verifier asks for the anchors of the address that it trusts.
 */
contract AuditAnchor {
    /// @param no Number of the link whose hash is the head.
    /// @param time Of the block (seconds).
    struct Anchor {
        uint64 no;
        uint64 time;
        bytes32 head;
    }

    mapping(address by => Anchor[]) private _anchors;

    event Anchored(address indexed by, uint64 indexed no, bytes32 head);

    /// @dev An anchor is only ever followed by one of a later link.
    error AuditAnchorNotAhead(uint64 no, uint64 last);

    /// @notice Writes down the head of the sender's own chain.
    function anchor(uint64 no, bytes32 head) external {
        Anchor[] storage own = _anchors[msg.sender];
        uint64 last = own.length == 0 ? 0 : own[own.length - 1].no;
        require(no > last, AuditAnchorNotAhead(no, last));
        own.push(Anchor(no, uint64(block.timestamp), head));
        emit Anchored(msg.sender, no, head);
    }

    /// @notice How many anchors an address has written.
    function count(address by) external view returns (uint256) {
        return _anchors[by].length;
    }

    /// @notice One of them; the first has the index 0.
    function anchorOf(address by, uint256 index) external view returns (Anchor memory) {
        return _anchors[by][index];
    }
}

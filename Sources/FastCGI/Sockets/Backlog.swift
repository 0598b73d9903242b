import CFastCGI
import Glibc

/// How many connections wait to be accepted.
public struct Backlog: Sendable, Equatable {
    /// How many wait now.
    public let waiting: Int
    /// How many may wait; those who come then are refused or have to try again.
    public let limit: Int

    /// Asks the system about a listening socket; nil where it does not tell, as where a process may not open netlink sockets.
    init?(of descriptor: Int32) {
        guard let address = SocketAddress(boundTo: descriptor) else { return nil }
        let counts = address.isUnix ? Self.unix(descriptor) : Self.tcp(descriptor)
        guard let counts else { return nil }
        (waiting, limit) = counts
    }

    /// Of a listening socket these two members are its backlog (tcp_get_info in the kernel's net/ipv4/tcp.c), which ss(8) shows too.
    private static func tcp(_ descriptor: Int32) -> (Int, Int)? {
        var info = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0 else { return nil }
        return (Int(info.tcpi_unacked), Int(info.tcpi_sacked))
    }

    /// Asked for by inode over netlink (sock_diag(7)): nothing else tells it of a Unix socket.
    private static func unix(_ descriptor: Int32) -> (Int, Int)? {
        var status = stat()
        let netlink = socket(AF_NETLINK, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), NETLINK_SOCK_DIAG)
        defer { if netlink >= 0 { close(netlink) } }
        var limit = timeval(tv_sec: 0, tv_usec: 200_000)
        guard netlink >= 0, fstat(descriptor, &status) == 0,
            setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0
        else { return nil }

        let size = MemoryLayout<nlmsghdr>.size + MemoryLayout<unix_diag_req>.size
        let header = nlmsghdr(
            nlmsg_len: UInt32(size), nlmsg_type: UInt16(SOCK_DIAG_BY_FAMILY), nlmsg_flags: UInt16(NLM_F_REQUEST), nlmsg_seq: 1, nlmsg_pid: 0
        )
        let question = unix_diag_req(
            sdiag_family: UInt8(AF_UNIX), sdiag_protocol: 0, pad: 0, udiag_states: .max,
            udiag_ino: UInt32(truncatingIfNeeded: status.st_ino),
            udiag_show: UInt32(UDIAG_SHOW_RQLEN), udiag_cookie: (.max, .max))
        let bytes = withUnsafeBytes(of: header, Array.init) + withUnsafeBytes(of: question, Array.init)
        guard send(netlink, bytes, bytes.count, 0) == bytes.count else { return nil }
        var answer = [UInt8](repeating: 0, count: 4096)
        let count = recv(netlink, &answer, answer.count, 0)
        return answer.prefix(max(0, count)).withUnsafeBytes(queue)
    }

    /// The attribute with the length of the queue, in an answer of the kernel's.
    private static func queue(in answer: UnsafeRawBufferPointer) -> (Int, Int)? {
        guard answer.count >= MemoryLayout<nlmsghdr>.size, answer.loadUnaligned(as: nlmsghdr.self).nlmsg_type == SOCK_DIAG_BY_FAMILY
        else { return nil }
        var offset = MemoryLayout<nlmsghdr>.size + MemoryLayout<unix_diag_msg>.size
        while offset + 4 <= answer.count {
            let attribute = answer.loadUnaligned(fromByteOffset: offset, as: nlattr.self)
            guard attribute.nla_len >= 4, offset + Int(attribute.nla_len) <= answer.count else { return nil }
            if attribute.nla_type == UNIX_DIAG_RQLEN, attribute.nla_len >= 12 {
                let lengths = answer.loadUnaligned(fromByteOffset: offset + 4, as: unix_diag_rqlen.self)
                return (Int(lengths.udiag_rqueue), Int(lengths.udiag_wqueue))
            }
            offset += (Int(attribute.nla_len) + 3) & ~3
        }
        return nil
    }
}

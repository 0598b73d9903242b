import Foundation
import Testing

@testable import Jobs

@Suite struct ClientTests {
    @Test(
        arguments: [
            ("ann", "192.0.2.1", "user:ann"), (nil, "192.0.2.1", "address:192.0.2.1"), ("", "192.0.2.1", "address:192.0.2.1"),
            (nil, "2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"), (nil, nil, "address:unknown"),
            // Behind a dual-stack socket, and where nginx listens on a Unix socket.
            (nil, "::ffff:192.0.2.1", "address:192.0.2.1"), (nil, "64:ff9b::c000:201", "address:192.0.2.1"),
            (nil, "fe80::1%eth0", "address:fe80::1"),
            (nil, "unix:", "address:unknown"), (nil, "", "address:unknown"), (nil, "192.0.2.1, 192.0.2.2", "address:unknown"),
        ] as [(String?, String?, String)])
    func `a client is its user, else its network`(user: String?, address: String?, key: String) {
        #expect(Client(user: user, address: address).key == key)
    }

    @Test func `two addresses of one household are one client`() {
        #expect(Client(user: nil, address: "2001:db8::1") == Client(user: nil, address: "2001:db8::ffff:2"))
        #expect(Client(user: nil, address: "2001:db8::1") != Client(user: nil, address: "2001:db8:0:1::1"))
    }
}

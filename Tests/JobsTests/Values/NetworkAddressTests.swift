import Testing

@testable import Jobs

/// Which addresses may be called: both sides of each block.
@Suite struct NetworkAddressTests {
    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0", "127.0.0.1",
        "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.255",
        "192.0.2.0", "192.0.2.255", "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
        "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
        "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
        "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::1", "2001:2::1", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:808:808::1", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
    ])
    func `an address that is not public is never called`(text: String) throws {
        #expect(try !#require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.1.255", "192.0.3.0",
        "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0",
        "203.0.112.255", "203.0.114.0", "223.255.255.255",
        "2000::", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::",
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::", "2a00:1450:4001:80f::200e", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff:1000::",
    ])
    func `an address of the Internet is public`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.255.255", true), ("126.255.255.255", false), ("128.0.0.0", false), ("::1", true), ("::2", false),
        ("::", false), ("::ffff:127.0.0.1", false),
    ])
    func `this machine is recognised`(text: String, isLoopback: Bool) throws {
        #expect(try #require(NetworkAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
    func `an address is written as it is read`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).description == text)
    }

    @Test(arguments: ["", "example.org", "1.2.3", "1.2.3.4.5", "256.0.0.1", "0x7f.1", "2130706433", "2001:db8::g", "[::1]", "fe80::1%eth0"])
    func `other texts are no address`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test(
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:C000:201", "192.0.2.1"),
            ("::ffff:0:192.0.2.1", "192.0.2.1"),
            ("::192.0.2.1", "192.0.2.1"), ("64:ff9b::192.0.2.1", "192.0.2.1"), ("64:ff9b:1::192.0.2.1", "192.0.2.1"),
            ("64:ff9b:1:fffe::c000:201", "192.0.2.1"), ("2002:c000:201:7::1", "192.0.2.1"), ("2001::1:3fff:fdfe", "192.0.2.1"),
            ("64:ff9b:1:c000:2:100::", "64:ff9b:1:c000:2:100::"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fd00::1:2:3:4", "fd00::/64"),
            ("::1", "::1"), ("::", "::"), ("fe80::1", "fe80::1"), ("febf::2", "febf::2"), ("64:ff9a::1", "64:ff9a::/64"),
            ("fe80::1%eth0", "fe80::1"), ("fe80::1%2", "fe80::1"), ("[2001:db8::1]", "2001:db8::/64"), ("[fe80::1%eth0]", "fe80::1"),
            ("::ffff:127.0.0.1", "127.0.0.1"),
        ])
    func `who has an address`(text: String, holder: String) throws {
        #expect(try #require(NetworkAddress(remote: text)).holder == holder)
    }

    @Test(arguments: ["", "unix:", "192.0.2.1:80", "192.0.2.1, 192.0.2.2", "192.0.2.01", "[192.0.2.1", "example.org", "%eth0", "[]"])
    func `what no web server would call an address is none`(text: String) {
        #expect(NetworkAddress(remote: text) == nil)
    }
}

import FastCGI
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("unix:/run/krea-fcgi/krea-fcgi.sock", ListenAddress.unix(path: "/run/krea-fcgi/krea-fcgi.sock")),
        ("unix:here.sock", .unix(path: "here.sock")),
        ("unix:/a:9000", .unix(path: "/a:9000")),
        ("127.0.0.1:9000", .tcp(host: "127.0.0.1", port: 9000)),
        ("127.1.2.3:1", .tcp(host: "127.1.2.3", port: 1)),
        ("[::1]:65535", .tcp(host: "::1", port: 65535)),
        ("localhost:9000", .tcp(host: "127.0.0.1", port: 9000)),
    ])
    func `an address of this machine alone is understood`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(parsing: text) == address)
    }

    @Test(arguments: [
        "", "unix:", "unix:a\0b", ":9000", "9000", "*:9000", "0.0.0.0:9000", "[::]:9000", "[::ffff:0.0.0.0]:9000", "192.0.2.1:9000",
        "[2001:db8::1]:9000", "example.org:9000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:+80",
        "127.0.0.1:80 ", "127.0.0.1:٨", "::1:9000", "[127.0.0.1]:9000", "[::1]9000", "[::1]", "/run/a.sock", "UNIX:/run/a.sock",
        "127.1:80",
        "localhost", " localhost:80", "tcp:127.0.0.1:80",
    ])
    func `anything else is refused in one sentence that names it and what is allowed`(text: String) {
        let error = #expect(throws: ListenError.self) { try ListenAddress(parsing: text) }
        #expect(error?.description.contains("\"\(text)\"") == true)
        #expect(error?.description.contains("unix:PATH, 127.0.0.1:PORT, [::1]:PORT and localhost:PORT") == true)
    }
}

import Foundation
import Jobs
import TestSupport
import Testing

extension BrowserTests {
    /// A person without a mouse.
    @Suite struct Keyboard {
        /// What the Tab key has to reach on the page as it is, by its ID or else its text. Of several radio buttons the arrow keys choose.
        private static let controls = """
            return [...document.querySelectorAll("a[href], input:not([type=hidden]), select, textarea, button, summary")]
                .filter(element => element.checkVisibility() && (element.type !== "radio" || element.checked)).map(element => element.id || element.textContent.trim())
            """

        @Test(arguments: [Device.desk, .scriptless])
        func `the Tab key reaches everything in its order, the focus is seen, and Enter sends`(device: Device) async throws {
            let stack = try await Stack()
            try await Browser.on(device) { browser in
                try await browser.open("\(stack.base)/")
                try await browser.evaluate("document.querySelector('details').open = true")
                let controls = try await browser.evaluate(Self.controls).elements?.compactMap(\.text) ?? []
                #expect(controls.contains("prompt"))
                #expect(controls.contains("width"))
                var reached: [String] = []
                for _ in controls {
                    try await browser.press(.tab)
                    reached.append(try await browser.focus())
                    let outline = try await browser.evaluate("return getComputedStyle(document.activeElement).outlineStyle")
                    #expect(outline.text != "none", "\(reached.last ?? "")")
                }
                #expect(reached == controls)

                try await browser.type("a lighthouse", into: "#prompt")
                try await browser.press(.tab, .down)
                #expect(try await browser.property("checked", of: "#model-flux") == true)
                try await browser.type("640", into: "#width")
                try await browser.press(.enter)
                try await browser.wait(for: "#job")
            }
        }
    }
}

//! The LTI 1.3 Advantage protocol, tool side.

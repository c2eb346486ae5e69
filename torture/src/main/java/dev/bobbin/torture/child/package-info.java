/**
 * The process that suffers, and how to start it, talk to it, end it and have the oracle read what
 * it wrote down. {@link dev.bobbin.torture.child.Directory} is the way in.
 */
@NullMarked
package dev.bobbin.torture.child;

import org.jspecify.annotations.NullMarked;

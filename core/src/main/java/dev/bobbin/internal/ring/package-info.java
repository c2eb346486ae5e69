/**
 * The ring: memory and positions. It owns where jobs lie before they are taken, who may write and
 * read which position, and which positions are finished. It knows no disk but the mapping it may
 * lie in, and no payload types.
 *
 * <p>Owners: producers own the frame they have claimed until it is published; a worker owns the
 * batch it has claimed until it has released its {@link dev.bobbin.internal.ring.Reader};
 * everything in {@link dev.bobbin.internal.ring.Window} belongs to whoever holds its lock.
 * docs/memory-ordering.md has a row for each shared field.
 */
@NullMarked
package dev.bobbin.internal.ring;

import org.jspecify.annotations.NullMarked;

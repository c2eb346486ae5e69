/** Sets of positions: what ring, journal and recovery say to each other about what is finished. */
@NullMarked
package dev.bobbin.internal.position;

import org.jspecify.annotations.NullMarked;

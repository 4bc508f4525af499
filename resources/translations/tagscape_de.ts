<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Tagscape</source>
        <translation>Über Tagscape</translation>
    </message>
    <message>
        <source>Turns class tags of indoor RGB-D scans into dense 2D and 3D labels.</source>
        <translation>Macht aus Klassen-Tags von RGB-D-Scans dichte Labels in 2D und 3D.</translation>
    </message>
    <message>
        <source>Free software under the GPL, version 3 or later.</source>
        <translation>Freie Software unter der GPL, Version 3 oder später.</translation>
    </message>
</context>
<context>
    <name>BrushTool</name>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
</context>
<context>
    <name>FileDialogs</name>
    <message>
        <source>Pictures (*.png *.jpg)</source>
        <translation>Bilder (*.png *.jpg)</translation>
    </message>
</context>
<context>
    <name>FillTool</name>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
</context>
<context>
    <name>FrameDecoder</name>
    <message>
        <source>The scene has no images.</source>
        <translation>Die Szene hat keine Bilder.</translation>
    </message>
</context>
<context>
    <name>FrameWorkspace</name>
    <message>
        <source>This frame has no pose, so points cannot be projected into it.</source>
        <translation>Dieses Bild hat keine Pose, daher lassen sich keine Punkte hineinprojizieren.</translation>
    </message>
    <message>
        <source>No CAMs yet. Train, predict or open a run.</source>
        <translation>Noch keine CAMs. Trainieren, vorhersagen oder einen Lauf öffnen.</translation>
    </message>
    <message>
        <source>This frame has no 2D CAM yet. Predict it.</source>
        <translation>Dieses Bild hat noch keine 2D-CAM. Sagen Sie es vorher.</translation>
    </message>
    <message>
        <source>This frame has no label image.</source>
        <translation>Dieses Bild hat kein Labelbild.</translation>
    </message>
    <message>
        <source>No project is open. Begin one or open one in the menu Labels.</source>
        <translation>Kein Projekt ist geöffnet. Beginnen oder öffnen Sie eines im Menü Labels.</translation>
    </message>
</context>
<context>
    <name>LabelSuperpointTool</name>
    <message>
        <source>Superpoints are being made…</source>
        <translation>Superpunkte werden berechnet…</translation>
    </message>
    <message>
        <source>size %1</source>
        <translation>Größe %1</translation>
    </message>
    <message>
        <source>unlabelled</source>
        <translation>ohne Label</translation>
    </message>
    <message>
        <source>%1 points, %2 % %3, %4 would change</source>
        <translation>%1 Punkte, %2 % %3, %4 würden geändert</translation>
    </message>
    <message>
        <source>Superpoint</source>
        <translation>Superpunkt</translation>
    </message>
</context>
<context>
    <name>LabelTool</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source> %1</source>
        <translation> %1</translation>
    </message>
    <message>
        <source>through</source>
        <translation>hindurch</translation>
    </message>
    <message>
        <source>visible only</source>
        <translation>nur Sichtbares</translation>
    </message>
    <message>
        <source>only unlabelled</source>
        <translation>nur ohne Label</translation>
    </message>
    <message>
        <source>No labels to change: open a project in the menu Labels</source>
        <translation>Keine Labels zum Ändern: Öffnen Sie ein Projekt im Menü Labels</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>3D CAM</source>
        <translation>3D-CAM</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Ground truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>2D CAM projected to 3D</source>
        <translation>2D-CAM in 3D projiziert</translation>
    </message>
    <message>
        <source>Disagreement</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Verdeckung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>%1: outside all frames</source>
        <translation>%1: in keinem Bild</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>&amp;Colour</source>
        <translation>&amp;Farbe</translation>
    </message>
    <message>
        <source>3D C&amp;AM of the class</source>
        <translation>3D-C&amp;AM der Klasse</translation>
    </message>
    <message>
        <source>3D CAM of %1</source>
        <translation>3D-CAM von %1</translation>
    </message>
    <message>
        <source>&amp;Prediction</source>
        <translation>&amp;Vorhersage</translation>
    </message>
    <message>
        <source>Predicted: %1</source>
        <translation>Vorhergesagt: %1</translation>
    </message>
    <message>
        <source>&amp;Ground truth</source>
        <translation>&amp;Wahrheit</translation>
    </message>
    <message>
        <source>True: %1</source>
        <translation>Wahr: %1</translation>
    </message>
    <message>
        <source>Confidence: %1</source>
        <translation>Konfidenz: %1</translation>
    </message>
    <message>
        <source>This frame: %1</source>
        <translation>Dieses Bild: %1</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
    <message>
        <source>Observing frames</source>
        <translation>Beobachtende Bilder</translation>
    </message>
    <message>
        <source>seen by no frame</source>
        <translation>von keinem Bild gesehen</translation>
    </message>
    <message>
        <source>Observing frames: %1</source>
        <translation>Beobachtende Bilder: %1</translation>
    </message>
    <message>
        <source>Superpoints</source>
        <translation>Superpunkte</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>&amp;Labels of the project</source>
        <translation>&amp;Labels des Projekts</translation>
    </message>
    <message>
        <source>Who labelled</source>
        <translation>Herkunft der Labels</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>ohne Label</translation>
    </message>
    <message>
        <source>a machine</source>
        <translation>eine Maschine</translation>
    </message>
    <message>
        <source>a person</source>
        <translation>eine Person</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
</context>
<context>
    <name>OutlineTool</name>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
</context>
<context>
    <name>PlaceTool</name>
    <message>
        <source>Mark a place</source>
        <translation>Ort markieren</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Some display options were not applied</source>
        <translation>Einige Anzeigeoptionen wurden nicht angewandt</translation>
    </message>
    <message>
        <source>The 3D view cannot draw</source>
        <translation>Die 3D-Ansicht kann nicht zeichnen</translation>
    </message>
</context>
<context>
    <name>RectangleTool</name>
    <message>
        <source>Select by rectangle</source>
        <translation>Mit Rechteck auswählen</translation>
    </message>
</context>
<context>
    <name>SceneView</name>
    <message>
        <source>%1 (hidden)</source>
        <translation>%1 (verborgen)</translation>
    </message>
    <message>
        <source>Point %1 (%2, %3, %4 m)</source>
        <translation>Punkt %1 (%2, %3, %4 m)</translation>
    </message>
    <message>
        <source>Label: %1</source>
        <translation>Label: %1</translation>
    </message>
    <message>
        <source>Label: %1, object %2</source>
        <translation>Label: %1, Objekt %2</translation>
    </message>
</context>
<context>
    <name>SuperpointTool</name>
    <message>
        <source>Select a superpoint</source>
        <translation>Superpunkt auswählen</translation>
    </message>
</context>
<context>
    <name>ViewMenu</name>
    <message>
        <source>&amp;Top</source>
        <translation>Von &amp;oben</translation>
    </message>
    <message>
        <source>&amp;Front</source>
        <translation>Von &amp;vorn</translation>
    </message>
    <message>
        <source>&amp;Side</source>
        <translation>Von der &amp;Seite</translation>
    </message>
    <message>
        <source>&amp;Isometric</source>
        <translation>&amp;Isometrisch</translation>
    </message>
    <message>
        <source>&amp;Copy the view</source>
        <translation>Ansicht &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste a view</source>
        <translation>Ansicht ein&amp;fügen</translation>
    </message>
    <message>
        <source>The view cannot be pasted</source>
        <translation>Die Ansicht lässt sich nicht einfügen</translation>
    </message>
    <message>
        <source>Shade by &amp;depth</source>
        <translation>Nach &amp;Tiefe schattieren</translation>
    </message>
    <message>
        <source>Frame cameras</source>
        <translation>Kameras der Bilder</translation>
    </message>
    <message>
        <source>Clip in front of pivot</source>
        <translation>Vor dem Drehpunkt abschneiden</translation>
    </message>
    <message>
        <source>More &amp;layers</source>
        <translation>&amp;Weitere Ebenen</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Kamera</translation>
    </message>
    <message>
        <source>&amp;Render image or turntable…</source>
        <translation>Bild oder &amp;Drehung rendern…</translation>
    </message>
    <message>
        <source>The scan&apos;s &amp;own superpoints</source>
        <translation>&amp;Eigene Superpunkte des Scans</translation>
    </message>
    <message>
        <source>Colour by the superpoints in the scan&apos;s own file instead of those used in training</source>
        <translation>Nach den Superpunkten in der Datei des Scans färben statt nach denen des Trainings</translation>
    </message>
</context>
<context>
    <name>ViewOverlay</name>
    <message>
        <source>Lock the range</source>
        <translation>Bereich festhalten</translation>
    </message>
    <message>
        <source>CAM threshold</source>
        <translation>CAM-Schwelle</translation>
    </message>
    <message>
        <source>Opacity of the blended layer</source>
        <translation>Deckkraft der überblendeten Ebene</translation>
    </message>
    <message>
        <source>Occlusion tolerance</source>
        <translation>Toleranz der Verdeckung</translation>
    </message>
    <message>
        <source>Point size</source>
        <translation>Punktgröße</translation>
    </message>
    <message>
        <source>%1 frames/s</source>
        <translation>%1 Bilder/s</translation>
    </message>
    <message>
        <source>%1 of %2 points</source>
        <translation>%1 von %2 Punkten</translation>
    </message>
    <message>
        <source>%1 triangles</source>
        <translation>%1 Dreiecke</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>%1, loading more</source>
        <translation>%1, weitere werden geladen</translation>
    </message>
    <message>
        <source>%1, all in view</source>
        <translation>%1, alle im Blickfeld</translation>
    </message>
</context>
<context>
    <name>Visibility</name>
    <message>
        <source>visible</source>
        <translation>sichtbar</translation>
    </message>
    <message>
        <source>outside the image</source>
        <translation>außerhalb des Bildes</translation>
    </message>
    <message>
        <source>behind the camera</source>
        <translation>hinter der Kamera</translation>
    </message>
    <message>
        <source>occluded</source>
        <translation>verdeckt</translation>
    </message>
    <message>
        <source>in front of the surface</source>
        <translation>vor der Oberfläche</translation>
    </message>
    <message>
        <source>no depth</source>
        <translation>keine Tiefe</translation>
    </message>
    <message>
        <source>no pose</source>
        <translation>keine Pose</translation>
    </message>
    <message>
        <source>occluded by %1 cm</source>
        <translation>um %1 cm verdeckt</translation>
    </message>
    <message>
        <source>in front of the surface by %1 cm</source>
        <translation>um %1 cm vor der Oberfläche</translation>
    </message>
</context>
<context>
    <name>tagscape::BusyBar</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Progress: %1</source>
        <translation>Fortschritt: %1</translation>
    </message>
    <message>
        <source>Cancel: %1</source>
        <translation>Abbrechen: %1</translation>
    </message>
    <message>
        <source> · %1 s left</source>
        <translation> · noch %1 s</translation>
    </message>
</context>
<context>
    <name>tagscape::ClassModel</name>
    <message>
        <source>&lt; 0.1 %</source>
        <translation>&lt; 0,1 %</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>The frame is tagged with this class but its scene is not; a frame can only show what its scene contains</source>
        <translation>Das Bild trägt diese Klasse, seine Szene nicht; ein Bild kann nur zeigen, was die Szene enthält</translation>
    </message>
    <message>
        <source>Change it to preview the CAMs</source>
        <translation>Ändern, um die CAMs in der Vorschau zu sehen</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>Key %1 chooses this class</source>
        <translation>Taste %1 wählt diese Klasse</translation>
    </message>
    <message>
        <source>in the scene</source>
        <translation>in der Szene</translation>
    </message>
    <message>
        <source>not in the scene</source>
        <translation>nicht in der Szene</translation>
    </message>
    <message>
        <source>in the frame</source>
        <translation>im Bild</translation>
    </message>
    <message>
        <source>not in the frame</source>
        <translation>nicht im Bild</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>gezeigt</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Sichtbar</translation>
    </message>
    <message>
        <source>Class of the ScanNet benchmark</source>
        <translation>Klasse des ScanNet-Benchmarks</translation>
    </message>
    <message>
        <source>Whether the scene is tagged with the class; change it to preview the CAMs</source>
        <translation>Ob die Szene die Klasse trägt; ändern, um die CAMs in der Vorschau zu sehen</translation>
    </message>
    <message>
        <source>Whether the current frame is tagged with the class; change it to preview its CAMs</source>
        <translation>Ob das aktuelle Bild die Klasse trägt; ändern, um seine CAMs in der Vorschau zu sehen</translation>
    </message>
    <message>
        <source>Share of points predicted as this class</source>
        <translation>Anteil der Punkte, die als diese Klasse vorhergesagt sind</translation>
    </message>
    <message>
        <source>Points predicted as this class</source>
        <translation>Punkte mit dieser Vorhersage</translation>
    </message>
    <message>
        <source>Intersection over union of predicted and annotated points of this scene, in percent</source>
        <translation>Schnitt durch Vereinigung vorhergesagter und annotierter Punkte dieser Szene, in Prozent</translation>
    </message>
    <message>
        <source>Whether points and pixels of this class are coloured</source>
        <translation>Ob Punkte und Pixel dieser Klasse gefärbt sind</translation>
    </message>
</context>
<context>
    <name>tagscape::ClassPanel</name>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Restore the tags of the scan</source>
        <translation>Die Tags des Scans wiederherstellen</translation>
    </message>
    <message>
        <source>Solo</source>
        <translation>Solo</translation>
    </message>
    <message>
        <source>Show only the chosen class; again: show all</source>
        <translation>Nur die gewählte Klasse zeigen; noch einmal: alle</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show every class again</source>
        <translation>Wieder alle Klassen zeigen</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Fest</translation>
    </message>
    <message>
        <source>Spread the heat map over this range of values, in all views</source>
        <translation>Die Farbskala in allen Ansichten über diesen Wertebereich spannen</translation>
    </message>
    <message>
        <source>Value of the heat map&apos;s first colour</source>
        <translation>Wert der ersten Farbe der Skala</translation>
    </message>
    <message>
        <source>Value of the heat map&apos;s last colour</source>
        <translation>Wert der letzten Farbe der Skala</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Colours of the classes</source>
        <translation>Farben der Klassen</translation>
    </message>
    <message>
        <source>Colours of the classes on screen; files always have ScanNet&apos;s</source>
        <translation>Farben der Klassen auf dem Bildschirm; Dateien haben immer die von ScanNet</translation>
    </message>
    <message>
        <source>ScanNet&apos;s colours</source>
        <translation>Farben von ScanNet</translation>
    </message>
    <message>
        <source>Distinct, also when colour-blind</source>
        <translation>Unterscheidbar, auch bei Farbenblindheit</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>Colours of CAM values and depth</source>
        <translation>Farben von CAM-Werten und Tiefe</translation>
    </message>
    <message>
        <source>Preview with edited tags</source>
        <translation>Vorschau mit geänderten Tags</translation>
    </message>
    <message>
        <source>Loading networks to predict %1…</source>
        <translation>Netze werden geladen, um %1 vorherzusagen…</translation>
    </message>
    <message>
        <source>Predicting with all classes, to show %1…</source>
        <translation>Vorhersage mit allen Klassen läuft, um %1 zu zeigen…</translation>
    </message>
    <message>
        <source>Predicting with all classes, to show %1… %2 %</source>
        <translation>Vorhersage mit allen Klassen läuft, um %1 zu zeigen… %2 %</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>This prediction was made with the scan&apos;s own tags and does not include: %1.</source>
        <translation>Diese Vorhersage wurde mit den Tags des Scans gemacht und enthält nicht: %1.</translation>
    </message>
    <message>
        <source>Open a run to predict it.</source>
        <translation>Einen Lauf öffnen, um sie vorherzusagen.</translation>
    </message>
    <message>
        <source>Open a run…</source>
        <translation>Lauf öffnen…</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>Vorhersagen</translation>
    </message>
    <message>
        <source>No activation for: %1</source>
        <translation>Keine Aktivierung für: %1</translation>
    </message>
</context>
<context>
    <name>tagscape::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Name of a command</source>
        <translation>Name eines Befehls</translation>
    </message>
    <message>
        <source>Type a few letters of a command</source>
        <translation>Einige Buchstaben eines Befehls eingeben</translation>
    </message>
    <message>
        <source>Matching commands</source>
        <translation>Passende Befehle</translation>
    </message>
</context>
<context>
    <name>tagscape::EditListModel</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>tagscape::ExportWindow</name>
    <message>
        <source>points and frames</source>
        <translation>Punkte und Bilder</translation>
    </message>
    <message>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>Formate</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Without a label</source>
        <translation>Ohne Label</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>Instanzen</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Folder to write to</source>
        <translation>Zielordner</translation>
    </message>
    <message>
        <source>Export labels</source>
        <translation>Labels exportieren</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Only from a confidence of</source>
        <translation>Nur ab einer Konfidenz von</translation>
    </message>
    <message>
        <source>Labels of frames</source>
        <translation>Labels der Bilder</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Ground truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>stays without a label</source>
        <translation>bleibt ohne Label</translation>
    </message>
    <message>
        <source>becomes &quot;%1&quot;</source>
        <translation>wird „%1“</translation>
    </message>
    <message>
        <source>those of the labels</source>
        <translation>die der Labels</translation>
    </message>
    <message>
        <source>connected parts of a class</source>
        <translation>zusammenhängende Teile einer Klasse</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>of the image network, or else of the points</source>
        <translation>des Bildnetzes, sonst der Punkte</translation>
    </message>
    <message>
        <source>of the points that each frame sees</source>
        <translation>der Punkte, die jedes Bild sieht</translation>
    </message>
    <message>
        <source>Choose labels, a format and a folder.</source>
        <translation>Wählen Sie Labels, ein Format und einen Ordner.</translation>
    </message>
    <message>
        <source>Counting files…</source>
        <translation>Dateien werden gezählt …</translation>
    </message>
    <message>
        <source>Files in %1: %2</source>
        <translation>Dateien in %1: %2</translation>
    </message>
    <message>
        <source>Files in %1: %2, replacing %3</source>
        <translation>Dateien in %1: %2, davon ersetzen %3 vorhandene</translation>
    </message>
    <message>
        <source>Every file is read back and compared after it is written.</source>
        <translation>Jede Datei wird nach dem Schreiben zurückgelesen und verglichen.</translation>
    </message>
</context>
<context>
    <name>tagscape::FrameController</name>
    <message>
        <source>This scene has no images.</source>
        <translation>Diese Szene hat keine Bilder.</translation>
    </message>
</context>
<context>
    <name>tagscape::ImageCanvas</name>
    <message>
        <source>no depth</source>
        <translation>keine Tiefe</translation>
    </message>
    <message>
        <source>Image view</source>
        <translation>Bildansicht</translation>
    </message>
    <message>
        <source>The current frame; wheel to zoom, drag to pan, double click to fit</source>
        <translation>Das aktuelle Bild; Rad zoomt, Ziehen verschiebt, Doppelklick passt ein</translation>
    </message>
    <message>
        <source>x %1 y %2</source>
        <translation>x %1 y %2</translation>
    </message>
    <message>
        <source>%1 m</source>
        <translation>%1 m</translation>
    </message>
    <message>
        <source> · RGB %1 %2 %3</source>
        <translation> · RGB %1 %2 %3</translation>
    </message>
</context>
<context>
    <name>tagscape::ImagePanel</name>
    <message>
        <source>No overlay</source>
        <translation>Keine Überlagerung</translation>
    </message>
    <message>
        <source>2D CAM</source>
        <translation>2D-CAM</translation>
    </message>
    <message>
        <source>Projected 3D CAM</source>
        <translation>Projizierte 3D-CAM</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Verdeckung</translation>
    </message>
    <message>
        <source>Ground truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Pseudo-labels</source>
        <translation>Pseudolabels</translation>
    </message>
    <message>
        <source>Overlay of the image</source>
        <translation>Überlagerung des Bilds</translation>
    </message>
    <message>
        <source>Overlay right of the divider</source>
        <translation>Überlagerung rechts des Teilers</translation>
    </message>
    <message>
        <source>Opacity of the overlay</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>CAM threshold</source>
        <translation>CAM-Schwelle</translation>
    </message>
    <message>
        <source>Legend of the occlusion overlay</source>
        <translation>Legende der Verdeckung</translation>
    </message>
    <message>
        <source>Values of the pixel under the cursor</source>
        <translation>Werte des Pixels unter dem Zeiger</translation>
    </message>
    <message>
        <source>Information about the point under the cursor</source>
        <translation>Angaben zum Punkt unter dem Zeiger</translation>
    </message>
    <message>
        <source>Base image</source>
        <translation>Grundbild</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Swipe between two overlays</source>
        <translation>Zwischen zwei Überlagerungen wischen</translation>
    </message>
    <message>
        <source>Compare two overlays at a movable divider</source>
        <translation>Zwei Überlagerungen an einem verschiebbaren Teiler vergleichen</translation>
    </message>
    <message>
        <source>Depth that decides occlusion</source>
        <translation>Tiefe, die über Verdeckung entscheidet</translation>
    </message>
    <message>
        <source>Sensor or mesh</source>
        <translation>Sensor oder Netz</translation>
    </message>
    <message>
        <source>Sensor</source>
        <translation>Sensor</translation>
    </message>
    <message>
        <source>Mesh</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>%1&amp;nbsp;%2</source>
        <translation>%1&amp;nbsp;%2</translation>
    </message>
    <message>
        <source>Labels of the project</source>
        <translation>Labels des Projekts</translation>
    </message>
</context>
<context>
    <name>tagscape::ImportDialog</name>
    <message>
        <source>Import labels</source>
        <translation>Labels importieren</translation>
    </message>
    <message>
        <source>File or folder of labels</source>
        <translation>Datei oder Ordner mit Labels</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Found out from the files</source>
        <translation>Aus den Dateien erkannt</translation>
    </message>
    <message>
        <source>What the ids mean</source>
        <translation>Bedeutung der IDs</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Name in the file</source>
        <translation>Name in der Datei</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei …</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Folder of labels</source>
        <translation>Ordner mit Labels</translation>
    </message>
    <message>
        <source>File of labels</source>
        <translation>Datei mit Labels</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>Class of id %1</source>
        <translation>Klasse der ID %1</translation>
    </message>
    <message>
        <source>not known: no label</source>
        <translation>unbekannt: kein Label</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>kein Label</translation>
    </message>
    <message>
        <source>Points matched %1: %2 %</source>
        <translation>Punkte zugeordnet %1: %2 %</translation>
    </message>
    <message>
        <source>Labelled frames: %1</source>
        <translation>Bilder mit Labels: %1</translation>
    </message>
    <message>
        <source>Labels of frames alone cannot be shown here. `tagscape import` writes them as label images.</source>
        <translation>Labels von Bildern allein können hier nicht gezeigt werden. `tagscape import` schreibt sie als Label-Bilder.</translation>
    </message>
    <message>
        <source>Labels imported %1</source>
        <translation>Labels importiert %1</translation>
    </message>
</context>
<context>
    <name>tagscape::InferenceController</name>
    <message>
        <source>Ready: %1 and %2 at step %3</source>
        <translation>Bereit: %1 und %2 bei Schritt %3</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>The prediction failed</source>
        <translation>Die Vorhersage ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>The program tagscape is neither beside the studio nor in PATH. Install it, or build it with TAGSCAPE_WITH_LEARNING=ON.</source>
        <translation>Das Programm tagscape liegt weder beim Studio noch in PATH. Installieren Sie es, oder bauen Sie es mit TAGSCAPE_WITH_LEARNING=ON.</translation>
    </message>
    <message>
        <source>Loading the networks…</source>
        <translation>Netze werden geladen…</translation>
    </message>
    <message>
        <source>Predicting the scene…</source>
        <translation>Szene wird vorhergesagt…</translation>
    </message>
    <message>
        <source>Predicting frame %1…</source>
        <translation>Bild %1 wird vorhergesagt…</translation>
    </message>
    <message>
        <source>The prediction cannot be shown</source>
        <translation>Die Vorhersage lässt sich nicht zeigen</translation>
    </message>
    <message>
        <source>Scene predicted in %1 s</source>
        <translation>Szene in %1 s vorhergesagt</translation>
    </message>
    <message>
        <source>Frame predicted in %1 s</source>
        <translation>Bild in %1 s vorhergesagt</translation>
    </message>
    <message>
        <source>The networks cannot be loaded</source>
        <translation>Die Netze lassen sich nicht laden</translation>
    </message>
</context>
<context>
    <name>tagscape::InferencePanel</name>
    <message>
        <source>Open a run…</source>
        <translation>Lauf öffnen…</translation>
    </message>
    <message>
        <source>Predict the scene</source>
        <translation>Szene vorhersagen</translation>
    </message>
    <message>
        <source>Predict the frame</source>
        <translation>Bild vorhersagen</translation>
    </message>
    <message>
        <source>Predict automatically</source>
        <translation>Automatisch vorhersagen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Progress of the prediction</source>
        <translation>Fortschritt der Vorhersage</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1: %2 von %3</translation>
    </message>
    <message>
        <source>%1 (loaded when needed)</source>
        <translation>%1 (wird bei Bedarf geladen)</translation>
    </message>
    <message>
        <source>No networks. Open a run that has a checkpoint.</source>
        <translation>Keine Modelle. Öffnen Sie einen Lauf mit Checkpoint.</translation>
    </message>
</context>
<context>
    <name>tagscape::LabelActions</name>
    <message>
        <source>&amp;New project…</source>
        <translation>&amp;Neues Projekt…</translation>
    </message>
    <message>
        <source>&amp;Open project…</source>
        <translation>Projekt &amp;öffnen…</translation>
    </message>
    <message>
        <source>&amp;Save a copy as…</source>
        <translation>Kopie &amp;speichern unter…</translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation>Projekt s&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Write tags.json into the scan</source>
        <translation>tags.json in den Scan &amp;schreiben</translation>
    </message>
    <message>
        <source>The tags could not be written</source>
        <translation>Die Tags konnten nicht geschrieben werden</translation>
    </message>
    <message>
        <source>&amp;Brush</source>
        <translation>&amp;Pinsel</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>&amp;Radierer</translation>
    </message>
    <message>
        <source>&amp;Rectangle</source>
        <translation>R&amp;echteck</translation>
    </message>
    <message>
        <source>&amp;Lasso</source>
        <translation>&amp;Lasso</translation>
    </message>
    <message>
        <source>&amp;Polygon</source>
        <translation>Pol&amp;ygon</translation>
    </message>
    <message>
        <source>S&amp;uperpoint</source>
        <translation>S&amp;uperpunkt</translation>
    </message>
    <message>
        <source>&amp;Fill</source>
        <translation>&amp;Füllen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Pick the class under the cursor</source>
        <translation>Klasse unter dem Zeiger &amp;aufnehmen</translation>
    </message>
    <message>
        <source>&amp;Type a class</source>
        <translation>Klasse ein&amp;tippen</translation>
    </message>
    <message>
        <source>New &amp;object</source>
        <translation>Neues &amp;Objekt</translation>
    </message>
    <message>
        <source>Number the objects of the class</source>
        <translation>Objekte der Klasse nummerieren</translation>
    </message>
    <message>
        <source>&amp;Grow the class</source>
        <translation>Klasse &amp;wachsen lassen</translation>
    </message>
    <message>
        <source>S&amp;hrink the class</source>
        <translation>Klasse &amp;schrumpfen lassen</translation>
    </message>
    <message>
        <source>Replace a class by the chosen one…</source>
        <translation>Eine Klasse durch die gewählte ersetzen…</translation>
    </message>
    <message>
        <source>Visible only / &amp;through</source>
        <translation>Nur Sichtbares / &amp;hindurch</translation>
    </message>
    <message>
        <source>Take the prediction as labels</source>
        <translation>Vorhersage als Labels übernehmen</translation>
    </message>
    <message>
        <source>Take the prediction where there are none</source>
        <translation>Vorhersage dort übernehmen, wo Labels fehlen</translation>
    </message>
    <message>
        <source>Take the prediction of the chosen class</source>
        <translation>Vorhersage der gewählten Klasse übernehmen</translation>
    </message>
    <message>
        <source>Next u&amp;nlabelled place</source>
        <translation>&amp;Nächste Stelle ohne Label</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Class set: choose one, or type the path of a TOML file of your own</source>
        <translation>Klassensatz: wählen Sie einen, oder geben Sie den Pfad einer eigenen TOML-Datei ein</translation>
    </message>
    <message>
        <source>The class set cannot be used</source>
        <translation>Der Klassensatz kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>Projects (*.tagscape)</source>
        <translation>Projekte (*.tagscape)</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Projects (*.tagscape);;All files (*)</source>
        <translation>Projekte (*.tagscape);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Kopie speichern</translation>
    </message>
    <message>
        <source>The copy could not be saved</source>
        <translation>Die Kopie konnte nicht gespeichert werden</translation>
    </message>
    <message>
        <source>Replace a class</source>
        <translation>Klasse ersetzen</translation>
    </message>
    <message>
        <source>Which class becomes %1?</source>
        <translation>Welche Klasse wird zu %1?</translation>
    </message>
</context>
<context>
    <name>tagscape::LabelClassModel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Labels of protected classes are not painted over</source>
        <translation>Labels geschützter Klassen werden nicht übermalt</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Schützen</translation>
    </message>
</context>
<context>
    <name>tagscape::LabelEditor</name>
    <message>
        <source>%1, %2 points</source>
        <translation>%1, %2 Punkte</translation>
    </message>
    <message>
        <source>erased</source>
        <translation>gelöscht</translation>
    </message>
    <message>
        <source>This removes %1 of %2 labels. Go on?</source>
        <translation>Dies entfernt %1 von %2 Labels. Fortfahren?</translation>
    </message>
    <message>
        <source>The edit could not be kept</source>
        <translation>Die Änderung konnte nicht gespeichert werden</translation>
    </message>
    <message>
        <source>rim of %1</source>
        <translation>Rand von %1</translation>
    </message>
    <message>
        <source>objects of %1</source>
        <translation>Objekte von %1</translation>
    </message>
    <message>
        <source>The prediction could not be taken</source>
        <translation>Die Vorhersage konnte nicht übernommen werden</translation>
    </message>
    <message>
        <source>The edit could not be undone</source>
        <translation>Die Änderung konnte nicht rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>The edit could not be redone</source>
        <translation>Die Änderung konnte nicht wiederholt werden</translation>
    </message>
    <message>
        <source>The project could not be made</source>
        <translation>Das Projekt konnte nicht angelegt werden</translation>
    </message>
    <message>
        <source>The project could not be opened</source>
        <translation>Das Projekt konnte nicht geöffnet werden</translation>
    </message>
    <message>
        <source>The project is open for reading only</source>
        <translation>Das Projekt ist nur zum Lesen geöffnet</translation>
    </message>
    <message>
        <source>The labels could not be read</source>
        <translation>Die Labels konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>The superpoints could not be made</source>
        <translation>Die Superpunkte konnten nicht berechnet werden</translation>
    </message>
    <message>
        <source>The labels could not be brought to the changed cloud</source>
        <translation>Die Labels konnten nicht auf die geänderte Punktwolke übertragen werden</translation>
    </message>
    <message>
        <source>The mark could not be kept</source>
        <translation>Die Markierung konnte nicht gespeichert werden</translation>
    </message>
    <message>
        <source>The tags could not be kept</source>
        <translation>Die Tags konnten nicht gespeichert werden</translation>
    </message>
    <message>
        <source>Tags of frame %1</source>
        <translation>Tags von Bild %1</translation>
    </message>
    <message>
        <source>Tags of the scene</source>
        <translation>Tags der Szene</translation>
    </message>
</context>
<context>
    <name>tagscape::LabelPanel</name>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Type a class, Enter chooses it</source>
        <translation>Klasse eintippen, Eingabetaste wählt sie</translation>
    </message>
    <message>
        <source>Classes of the project</source>
        <translation>Klassen des Projekts</translation>
    </message>
    <message>
        <source>Which points tools take</source>
        <translation>Welche Punkte die Werkzeuge nehmen</translation>
    </message>
    <message>
        <source>Only unlabelled</source>
        <translation>Nur ohne Label</translation>
    </message>
    <message>
        <source>Radius of the brush on screen</source>
        <translation>Radius des Pinsels auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Radius of the brush in the world</source>
        <translation>Radius des Pinsels in der Welt</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Tagged frames</source>
        <translation>Bilder mit Tags</translation>
    </message>
    <message>
        <source>First frame of the range</source>
        <translation>Erstes Bild des Bereichs</translation>
    </message>
    <message>
        <source>Last frame of the range</source>
        <translation>Letztes Bild des Bereichs</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>The scene is done</source>
        <translation>Die Szene ist fertig</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>The scene was checked by somebody else</source>
        <translation>Die Szene wurde von jemand anderem geprüft</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>Neu…</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen…</translation>
    </message>
    <message>
        <source>Visible points only</source>
        <translation>Nur sichtbare Punkte</translation>
    </message>
    <message>
        <source>Through: also what is hidden</source>
        <translation>Hindurch: auch Verdecktes</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source> m</source>
        <translation> m</translation>
    </message>
    <message>
        <source>on screen</source>
        <translation>auf dem Bildschirm</translation>
    </message>
    <message>
        <source>New object</source>
        <translation>Neues Objekt</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Copy tags from the frame before</source>
        <translation>Tags vom Bild davor übernehmen</translation>
    </message>
    <message>
        <source>Next untagged frame</source>
        <translation>Nächstes Bild ohne Tags</translation>
    </message>
    <message>
        <source>Give these tags to frames</source>
        <translation>Diese Tags an Bilder geben</translation>
    </message>
    <message>
        <source>Double-click an edit to go back or forward to it</source>
        <translation>Doppelklick auf eine Änderung springt dorthin</translation>
    </message>
    <message>
        <source>No project</source>
        <translation>Kein Projekt</translation>
    </message>
    <message>
        <source> (read-only)</source>
        <translation> (nur lesbar)</translation>
    </message>
    <message>
        <source>by %1</source>
        <translation>von %1</translation>
    </message>
    <message>
        <source>No object numbers</source>
        <translation>Ohne Objektnummern</translation>
    </message>
    <message>
        <source>Object %1</source>
        <translation>Objekt %1</translation>
    </message>
    <message>
        <source>No labels are shown</source>
        <translation>Es werden keine Labels gezeigt</translation>
    </message>
    <message>
        <source>%1 % of the points are labelled. %2 actions in %3 minutes</source>
        <translation>%1 % der Punkte haben ein Label. %2 Aktionen in %3 Minuten</translation>
    </message>
    <message>
        <source>%1 of %2 frames tagged</source>
        <translation>%1 von %2 Bildern mit Tags</translation>
    </message>
    <message>
        <source>Counted from 1</source>
        <translation>Ab 1 gezählt</translation>
    </message>
</context>
<context>
    <name>tagscape::LayerPanel</name>
    <message>
        <source>Layer of the 3D view</source>
        <translation>Ebene der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Blended layer</source>
        <translation>Überblendete Ebene</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Opacity of the blended layer</source>
        <translation>Deckkraft der überblendeten Ebene</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Blend with</source>
        <translation>Überblenden mit</translation>
    </message>
    <message>
        <source>Mix</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Point size mode</source>
        <translation>Art der Punktgröße</translation>
    </message>
    <message>
        <source>As in the scene</source>
        <translation>Wie in der Szene</translation>
    </message>
    <message>
        <source>In pixels</source>
        <translation>In Pixeln</translation>
    </message>
    <message>
        <source>Size of a point in pixels</source>
        <translation>Größe eines Punkts in Pixeln</translation>
    </message>
    <message>
        <source>Shade by depth (eye-dome lighting)</source>
        <translation>Nach Tiefe schattieren (Eye-Dome)</translation>
    </message>
    <message>
        <source>Frame cameras</source>
        <translation>Kameras der Bilder</translation>
    </message>
    <message>
        <source>Point size</source>
        <translation>Punktgröße</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Clip in front of pivot</source>
        <translation>Vor dem Drehpunkt abschneiden</translation>
    </message>
    <message>
        <source>Crop box</source>
        <translation>Ausschnittquader</translation>
    </message>
    <message>
        <source>x</source>
        <translation>x</translation>
    </message>
    <message>
        <source>y</source>
        <translation>y</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>From, along %1</source>
        <translation>Von, entlang %1</translation>
    </message>
    <message>
        <source>To, along %1</source>
        <translation>Bis, entlang %1</translation>
    </message>
</context>
<context>
    <name>tagscape::LinkController</name>
    <message>
        <source>the frame has no pose</source>
        <translation>das Bild hat keine Pose</translation>
    </message>
    <message>
        <source>point %1</source>
        <translation>Punkt %1</translation>
    </message>
    <message>
        <source>3D CAM %1</source>
        <translation>3D-CAM %1</translation>
    </message>
    <message>
        <source>observing frames: %1</source>
        <translation>Bilder, die ihn sehen: %1</translation>
    </message>
    <message>
        <source>no depth here, so no 3D point</source>
        <translation>hier keine Tiefe, daher kein 3D-Punkt</translation>
    </message>
</context>
<context>
    <name>tagscape::LossPlot</name>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Loss curves appear here once a training runs.</source>
        <translation>Hier erscheinen Verlustkurven, sobald ein Training läuft.</translation>
    </message>
    <message>
        <source>Loss curves</source>
        <translation>Verlustkurven</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
</context>
<context>
    <name>tagscape::MainWindow</name>
    <message>
        <source>Tagscape</source>
        <translation>Tagscape</translation>
    </message>
    <message>
        <source>Scenes</source>
        <translation>Szenen</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>%1 — Tagscape</source>
        <translation>%1 — Tagscape</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 Warnung</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>%1 Warnungen</translation>
    </message>
    <message>
        <source>%1: %2 points, %3 frames</source>
        <translation>%1: %2 Punkte, %3 Bilder</translation>
    </message>
    <message>
        <source>Open a scene&apos;s folder</source>
        <translation>Ordner einer Szene öffnen</translation>
    </message>
    <message>
        <source>Run used for prediction</source>
        <translation>Lauf für die Vorhersage</translation>
    </message>
    <message>
        <source>Open a recording, a mesh or a point cloud</source>
        <translation>Aufnahme, Netz oder Punktwolke öffnen</translation>
    </message>
    <message>
        <source>Scans (*.sens *.ply *.pcd *.obj *.stl *.glb *.gltf *.off *.xyz *.xyzn *.xyzrgb *.pts);;All files (*)</source>
        <translation>Scans (*.sens *.ply *.pcd *.obj *.stl *.glb *.gltf *.off *.xyz *.xyzn *.xyzrgb *.pts);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Scenes in %1: %2. Double-click one to open it</source>
        <translation>Szenen in %1: %2. Doppelklick öffnet eine</translation>
    </message>
    <message>
        <source>The sample scenes are ready</source>
        <translation>Die Beispielszenen sind fertig</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Öffnen…</translation>
    </message>
    <message>
        <source>Open a &amp;file…</source>
        <translation>D&amp;atei öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open training r&amp;un…</source>
        <translation>Trainings&amp;lauf öffnen…</translation>
    </message>
    <message>
        <source>Open training run</source>
        <translation>Trainingslauf öffnen</translation>
    </message>
    <message>
        <source>Make &amp;sample scenes</source>
        <translation>&amp;Beispielszenen herstellen</translation>
    </message>
    <message>
        <source>&amp;Export labels…</source>
        <translation>Labels &amp;exportieren…</translation>
    </message>
    <message>
        <source>Save picture of the &amp;window…</source>
        <translation>Bild des &amp;Fensters speichern…</translation>
    </message>
    <message>
        <source>Save picture of the window</source>
        <translation>Bild des Fensters speichern</translation>
    </message>
    <message>
        <source>Save picture of the 3&amp;D view…</source>
        <translation>Bild der 3&amp;D-Ansicht speichern…</translation>
    </message>
    <message>
        <source>Save picture of the 3D view</source>
        <translation>Bild der 3D-Ansicht speichern</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>Ei&amp;nstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Mesh instead of points</source>
        <translation>Dreiecks&amp;netz statt Punkten</translation>
    </message>
    <message>
        <source>Next image &amp;overlay</source>
        <translation>Nächste &amp;Überlagerung im Bild</translation>
    </message>
    <message>
        <source>&amp;Fit the scene</source>
        <translation>Szene ein&amp;passen</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>V&amp;ollbild</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>&amp;Networks</source>
        <translation>&amp;Netze</translation>
    </message>
    <message>
        <source>&amp;Start or pause</source>
        <translation>&amp;Starten oder anhalten</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>S&amp;topp</translation>
    </message>
    <message>
        <source>&amp;Load networks of a run…</source>
        <translation>Netze eines Laufs &amp;laden…</translation>
    </message>
    <message>
        <source>&amp;Predict the scene</source>
        <translation>&amp;Szene vorhersagen</translation>
    </message>
    <message>
        <source>Predict the &amp;frame</source>
        <translation>&amp;Bild vorhersagen</translation>
    </message>
    <message>
        <source>&amp;Cancel the prediction</source>
        <translation>Vorhersage &amp;abbrechen</translation>
    </message>
    <message>
        <source>Previous frame</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Next frame</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>First frame</source>
        <translation>Erstes Bild</translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation>Letztes Bild</translation>
    </message>
    <message>
        <source>Class: %1</source>
        <translation>Klasse: %1</translation>
    </message>
    <message>
        <source>Fra&amp;mes</source>
        <translation>&amp;Bilder</translation>
    </message>
    <message>
        <source>Point at or click the scan: no such frame observes the point</source>
        <translation>Auf den Scan zeigen oder klicken: kein solches Bild sieht den Punkt</translation>
    </message>
    <message>
        <source>&amp;Previous frame that sees the point</source>
        <translation>&amp;Voriges Bild, das den Punkt sieht</translation>
    </message>
    <message>
        <source>&amp;Next frame that sees the point</source>
        <translation>&amp;Nächstes Bild, das den Punkt sieht</translation>
    </message>
    <message>
        <source>Frame that &amp;disagrees most</source>
        <translation>Bild mit dem größten &amp;Widerspruch</translation>
    </message>
    <message>
        <source>Colour or d&amp;epth</source>
        <translation>Farbe oder &amp;Tiefe</translation>
    </message>
    <message>
        <source>S&amp;wipe between two overlays</source>
        <translation>Zwischen zwei Überlagerungen w&amp;ischen</translation>
    </message>
    <message>
        <source>S&amp;olo the class</source>
        <translation>Klasse s&amp;olo</translation>
    </message>
    <message>
        <source>&amp;Toggle the scene&apos;s tag of the class</source>
        <translation>Tag der Klasse für die &amp;Szene umschalten</translation>
    </message>
    <message>
        <source>Toggle the f&amp;rame&apos;s tag of the class</source>
        <translation>Tag der Klasse für das &amp;Bild umschalten</translation>
    </message>
    <message>
        <source>&amp;Reset tags</source>
        <translation>Tags &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>&amp;Standard</source>
        <translation>&amp;Standard</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>&amp;Training</source>
        <translation>&amp;Training</translation>
    </message>
    <message>
        <source>S&amp;aved</source>
        <translation>&amp;Gespeicherte</translation>
    </message>
    <message>
        <source>Sa&amp;ve as…</source>
        <translation>Speichern &amp;unter…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>Anordnung speichern</translation>
    </message>
    <message>
        <source>Name of the layout</source>
        <translation>Name der Anordnung</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Commands…</source>
        <translation>&amp;Befehle…</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>&amp;Tastenkürzel…</translation>
    </message>
    <message>
        <source>&amp;About Tagscape</source>
        <translation>&amp;Über Tagscape</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>Geschrieben: %1</translation>
    </message>
    <message>
        <source>The picture could not be written</source>
        <translation>Das Bild konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Opening was cancelled</source>
        <translation>Das Öffnen wurde abgebrochen</translation>
    </message>
    <message>
        <source>The scene could not be opened</source>
        <translation>Die Szene konnte nicht geöffnet werden</translation>
    </message>
    <message>
        <source>The 3D view cannot draw</source>
        <translation>Die 3D-Ansicht kann nicht zeichnen</translation>
    </message>
    <message>
        <source>Exporting was cancelled</source>
        <translation>Der Export wurde abgebrochen</translation>
    </message>
    <message>
        <source>The labels could not be exported</source>
        <translation>Die Labels konnten nicht exportiert werden</translation>
    </message>
    <message>
        <source>Written and read back: %1</source>
        <translation>Geschrieben und zurückgelesen: %1</translation>
    </message>
    <message>
        <source>Making sample scenes… %1 of %2</source>
        <translation>Beispielszenen werden hergestellt… %1 von %2</translation>
    </message>
    <message>
        <source>Making sample scenes was stopped; it continues next time</source>
        <translation>Das Erzeugen der Beispielszenen wurde angehalten; nächstes Mal geht es weiter</translation>
    </message>
    <message>
        <source>The sample scenes could not be made</source>
        <translation>Die Beispielszenen konnten nicht hergestellt werden</translation>
    </message>
    <message>
        <source>3D view</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>Selected points</source>
        <translation>Ausgewählte Punkte</translation>
    </message>
    <message>
        <source>Ctrl+drag selects visible points, Ctrl+Shift+drag adds to them, Esc clears the selection</source>
        <translation>Strg+Ziehen wählt sichtbare Punkte, Strg+Umschalt+Ziehen fügt hinzu, Esc hebt die Auswahl auf</translation>
    </message>
    <message>
        <source>The training run cannot be opened</source>
        <translation>Der Trainingslauf lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>The run does not record its scene. Open the scene first, then the run.</source>
        <translation>Der Lauf nennt seine Szene nicht. Zuerst die Szene öffnen, dann den Lauf.</translation>
    </message>
    <message>
        <source>Pretrained &amp;weights…</source>
        <translation>Vortrainierte &amp;Gewichte…</translation>
    </message>
    <message>
        <source>&amp;Import labels…</source>
        <translation>Labels &amp;importieren…</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>L&amp;abels</source>
        <translation>L&amp;abels</translation>
    </message>
    <message>
        <source>Labels cannot be written. They are kept, and written as soon as that is possible</source>
        <translation>Labels können nicht geschrieben werden. Sie bleiben erhalten und werden geschrieben, sobald es möglich ist</translation>
    </message>
    <message>
        <source>All labels have been written</source>
        <translation>Alle Labels wurden geschrieben</translation>
    </message>
    <message>
        <source>%1 of %2 points have the label of a former point</source>
        <translation>%1 von %2 Punkten haben das Label eines früheren Punktes</translation>
    </message>
    <message>
        <source>The cloud has changed</source>
        <translation>Die Punktwolke hat sich geändert</translation>
    </message>
    <message>
        <source>%1 had %2 points when it was labelled and has %3 others now. Shall each point take the label of the nearest former point? Edits of this scene can then no longer be undone.</source>
        <translation>%1 hatte beim Labeln %2 Punkte und hat jetzt %3 andere. Soll jeder Punkt das Label des nächsten früheren Punktes erhalten? Änderungen dieser Szene lassen sich dann nicht mehr rückgängig machen.</translation>
    </message>
    <message>
        <source>%1 edits could not be written yet and would be lost. Close all the same?</source>
        <translation>%1 Änderungen konnten noch nicht geschrieben werden und gingen verloren. Trotzdem schließen?</translation>
    </message>
</context>
<context>
    <name>tagscape::NoViewPage</name>
    <message>
        <source>The 3D view cannot draw</source>
        <translation>Die 3D-Ansicht kann nicht zeichnen</translation>
    </message>
    <message>
        <source>Images, tags, training and predictions work without it.</source>
        <translation>Bilder, Tags, Training und Vorhersagen gehen auch ohne sie.</translation>
    </message>
</context>
<context>
    <name>tagscape::ObservingFrameStrip</name>
    <message>
        <source>Frames that see the point under the cursor</source>
        <translation>Bilder, die den Punkt unter dem Zeiger sehen</translation>
    </message>
    <message>
        <source>Point at or click the scan to mark the frames that observe the point</source>
        <translation>Auf den Scan zeigen oder klicken, um die Bilder zu markieren, die den Punkt sehen</translation>
    </message>
    <message>
        <source>Frame %1 sees the point</source>
        <translation>Bild %1 sieht den Punkt</translation>
    </message>
    <message>
        <source>; 2D and 3D CAM differ by %1</source>
        <translation>; 2D- und 3D-CAM unterscheiden sich um %1</translation>
    </message>
</context>
<context>
    <name>tagscape::PictureDialog</name>
    <message>
        <source>Picture of the 3D view</source>
        <translation>Bild der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Width in pixels</source>
        <translation>Breite in Pixeln</translation>
    </message>
    <message>
        <source>Height in pixels</source>
        <translation>Höhe in Pixeln</translation>
    </message>
    <message>
        <source>Pictures of a full turn</source>
        <translation>Bilder einer Umdrehung</translation>
    </message>
    <message>
        <source>Transparent background</source>
        <translation>Durchsichtiger Hintergrund</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>Bild speichern…</translation>
    </message>
    <message>
        <source>Save a full turn…</source>
        <translation>Umdrehung speichern…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Pictures of a turn</source>
        <translation>Bilder je Umdrehung</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Folder for the pictures</source>
        <translation>Ordner für die Bilder</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Gespeichert: %1</translation>
    </message>
    <message>
        <source>Picture %1 of %2</source>
        <translation>Bild %1 von %2</translation>
    </message>
    <message>
        <source>Saved %1 pictures in %2</source>
        <translation>%1 Bilder gespeichert in %2</translation>
    </message>
    <message>
        <source>Drawing part %1 of %2</source>
        <translation>Teil %1 von %2 wird gezeichnet</translation>
    </message>
</context>
<context>
    <name>tagscape::PointLayers</name>
    <message>
        <source>This scene has no labels</source>
        <translation>Diese Szene hat keine Labels</translation>
    </message>
    <message>
        <source>This scene has no frames</source>
        <translation>Diese Szene hat keine Bilder</translation>
    </message>
    <message>
        <source>Computing visibility…</source>
        <translation>Sichtbarkeit wird berechnet…</translation>
    </message>
    <message>
        <source>No CAM yet. Start training or open a run.</source>
        <translation>Noch keine CAM. Training starten oder einen Lauf öffnen.</translation>
    </message>
    <message>
        <source>The run has no 2D CAMs of this scene</source>
        <translation>Der Lauf hat keine 2D-CAMs dieser Szene</translation>
    </message>
    <message>
        <source>Projecting the 2D CAMs… %1 %</source>
        <translation>2D-CAMs werden projiziert… %1 %</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>Vorbereitung…</translation>
    </message>
    <message>
        <source>Computed: the scan&apos;s own cannot be used</source>
        <translation>Berechnet: die des Scans sind unbrauchbar</translation>
    </message>
    <message>
        <source>This scene has no points</source>
        <translation>Diese Szene hat keine Punkte</translation>
    </message>
    <message>
        <source>Computing superpoints… %1 %</source>
        <translation>Superpunkte werden berechnet… %1 %</translation>
    </message>
    <message>
        <source>Finding observing frames… %1 %</source>
        <translation>Beobachtende Bilder werden gesucht… %1 %</translation>
    </message>
    <message>
        <source>Computed: the scan has none of its own</source>
        <translation>Berechnet: der Scan hat keine eigenen</translation>
    </message>
    <message>
        <source>Computed, as for training</source>
        <translation>Berechnet wie für das Training</translation>
    </message>
    <message>
        <source>The scan&apos;s own superpoints</source>
        <translation>Superpunkte aus der Datei des Scans</translation>
    </message>
    <message>
        <source>No project is open. Begin one or open one in the menu Labels.</source>
        <translation>Kein Projekt ist geöffnet. Beginnen oder öffnen Sie eines im Menü Labels.</translation>
    </message>
</context>
<context>
    <name>tagscape::PredictionClient</name>
    <message>
        <source>%1: no temporary folder can be made there. Free some space</source>
        <translation>%1: dort lässt sich kein temporärer Ordner anlegen. Schaffen Sie Platz</translation>
    </message>
    <message>
        <source>tagscape serve ended unexpectedly (%1).</source>
        <translation>tagscape serve endete unerwartet (%1).</translation>
    </message>
</context>
<context>
    <name>tagscape::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>A change of language takes effect after a restart.</source>
        <translation>Eine andere Sprache gilt nach einem Neustart.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Colours of the classes</source>
        <translation>Farben der Klassen</translation>
    </message>
    <message>
        <source>ScanNet&apos;s colours</source>
        <translation>Farben von ScanNet</translation>
    </message>
    <message>
        <source>Distinct, also when colour-blind</source>
        <translation>Unterscheidbar, auch bei Farbenblindheit</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Farbskala</translation>
    </message>
</context>
<context>
    <name>tagscape::RunController</name>
    <message>
        <source>The training run cannot be opened</source>
        <translation>Der Trainingslauf lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>The training cannot be reached</source>
        <translation>Das Training ist nicht erreichbar</translation>
    </message>
    <message>
        <source>Training could not start</source>
        <translation>Das Training konnte nicht beginnen</translation>
    </message>
    <message>
        <source>The program tagscape is neither beside the studio nor in PATH. Install it, or build it with TAGSCAPE_WITH_LEARNING=ON.</source>
        <translation>Das Programm tagscape liegt weder beim Studio noch in PATH. Installieren Sie es, oder bauen Sie es mit TAGSCAPE_WITH_LEARNING=ON.</translation>
    </message>
    <message>
        <source>%1: the program does not start: %2</source>
        <translation>%1: das Programm startet nicht: %2</translation>
    </message>
    <message>
        <source>Training ended before it began</source>
        <translation>Das Training endete, bevor es begann</translation>
    </message>
    <message>
        <source>It printed nothing. Try it in a terminal: tagscape train %1</source>
        <translation>Es gab nichts aus. Versuchen Sie es in einem Terminal: tagscape train %1</translation>
    </message>
    <message>
        <source>The CAMs of the run cannot be shown</source>
        <translation>Die CAMs des Laufs lassen sich nicht zeigen</translation>
    </message>
</context>
<context>
    <name>tagscape::SampleMaker</name>
    <message>
        <source>The program tagscape is neither beside the studio nor in PATH. Install it, or build it.</source>
        <translation>Das Programm tagscape liegt weder beim Studio noch in PATH. Installieren oder bauen Sie es.</translation>
    </message>
    <message>
        <source>tagscape ended unexpectedly (%1).</source>
        <translation>tagscape endete unerwartet (%1).</translation>
    </message>
</context>
<context>
    <name>tagscape::ScenePanel</name>
    <message>
        <source>Filter scenes and frames</source>
        <translation>Szenen und Bilder filtern</translation>
    </message>
    <message>
        <source>Filter by name or tag</source>
        <translation>Nach Name oder Tag filtern</translation>
    </message>
    <message>
        <source>Problems of the data set</source>
        <translation>Probleme des Datensatzes</translation>
    </message>
    <message>
        <source>Scenes and frames</source>
        <translation>Szenen und Bilder</translation>
    </message>
</context>
<context>
    <name>tagscape::SceneTreeModel</name>
    <message>
        <source>in no split</source>
        <translation>in keinem Teil</translation>
    </message>
    <message>
        <source>Other scenes</source>
        <translation>Weitere Szenen</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1
Tags: %2</source>
        <translation>%1
Tags: %2</translation>
    </message>
    <message>
        <source>Frame %1</source>
        <translation>Bild %1</translation>
    </message>
    <message>
        <source>Frame %1, no tags</source>
        <translation>Bild %1, keine Tags</translation>
    </message>
    <message>
        <source>Frame %1
Tags: %2</source>
        <translation>Bild %1
Tags: %2</translation>
    </message>
</context>
<context>
    <name>tagscape::SceneView</name>
    <message>
        <source>3D view</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>Point cloud of the scene; drag to orbit, Shift+drag to pan, wheel to zoom, hold the right button and press W, A, S, D, Q or E to fly</source>
        <translation>Punktwolke der Szene; ziehen zum Drehen, Umschalt+Ziehen zum Verschieben, Rad zum Zoomen, rechte Taste halten und W, A, S, D, Q oder E zum Fliegen</translation>
    </message>
</context>
<context>
    <name>tagscape::SelectionHighlighter</name>
    <message>
        <source>Selected points: %1</source>
        <translation>Ausgewählte Punkte: %1</translation>
    </message>
    <message>
        <source>%1, in this frame: %2</source>
        <translation>%1, in diesem Bild: %2</translation>
    </message>
</context>
<context>
    <name>tagscape::ShortcutDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Actions and their shortcuts</source>
        <translation>Befehle und ihre Tastenkürzel</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>New shortcut of the selected action</source>
        <translation>Neues Tastenkürzel des gewählten Befehls</translation>
    </message>
    <message>
        <source>Bind</source>
        <translation>Zuweisen</translation>
    </message>
    <message>
        <source>Unbind</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>%1 had this shortcut and has none now</source>
        <translation>%1 hatte dieses Tastenkürzel und hat nun keines</translation>
    </message>
</context>
<context>
    <name>tagscape::StartPage</name>
    <message>
        <source>Tagscape</source>
        <translation>Tagscape</translation>
    </message>
    <message>
        <source>Turns class tags of indoor RGB-D scans into dense 2D and 3D labels.</source>
        <translation>Macht aus Klassen-Tags von RGB-D-Scans dichte Labels in 2D und 3D.</translation>
    </message>
    <message>
        <source>Or drop it here: a ScanNet scene or a whole data set, frames, a .sens recording, a mesh or a point cloud.</source>
        <translation>Oder hierher ziehen: eine ScanNet-Szene oder einen ganzen Datensatz, Bilder, eine .sens-Aufnahme, ein Netz oder eine Punktwolke.</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open a scene</source>
        <translation>Szene öffnen</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Open a recording, a mesh or a point cloud</source>
        <translation>Aufnahme, Netz oder Punktwolke öffnen</translation>
    </message>
    <message>
        <source>Makes three furnished rooms with known labels, and opens the first</source>
        <translation>Stellt drei möblierte Räume mit bekannten Labels her und öffnet den ersten</translation>
    </message>
    <message>
        <source>Open %1 again</source>
        <translation>%1 wieder öffnen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop making sample scenes</source>
        <translation>Herstellen der Beispielszenen anhalten</translation>
    </message>
    <message>
        <source>Making sample scenes… %1 of %2</source>
        <translation>Beispielszenen werden hergestellt… %1 von %2</translation>
    </message>
    <message>
        <source>Make sample scenes</source>
        <translation>Beispielszenen herstellen</translation>
    </message>
</context>
<context>
    <name>tagscape::TimelinePanel</name>
    <message>
        <source>Previous frame (←)</source>
        <translation>Voriges Bild (←)</translation>
    </message>
    <message>
        <source>Next frame (→)</source>
        <translation>Nächstes Bild (→)</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Current frame</source>
        <translation>Aktuelles Bild</translation>
    </message>
    <message>
        <source>Previous frame that sees the point</source>
        <translation>Voriges Bild, das den Punkt sieht</translation>
    </message>
    <message>
        <source>Next frame that sees the point</source>
        <translation>Nächstes Bild, das den Punkt sieht</translation>
    </message>
    <message>
        <source>The frame whose 2D CAM differs most from the 3D CAM of the point</source>
        <translation>Das Bild, dessen 2D-CAM der 3D-CAM des Punkts am meisten widerspricht</translation>
    </message>
    <message>
        <source>No frames</source>
        <translation>Keine Bilder</translation>
    </message>
    <message>
        <source>no colour</source>
        <translation>keine Farbe</translation>
    </message>
    <message>
        <source>no depth</source>
        <translation>keine Tiefe</translation>
    </message>
    <message>
        <source>no pose</source>
        <translation>keine Pose</translation>
    </message>
    <message>
        <source>Frame %1 · %2 of %3</source>
        <translation>Bild %1 · %2 von %3</translation>
    </message>
</context>
<context>
    <name>tagscape::TrainingPanel</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>State of the training</source>
        <translation>Zustand des Trainings</translation>
    </message>
    <message>
        <source>Why the training ended</source>
        <translation>Warum das Training endete</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
        <source>Stop the training</source>
        <translation>Training anhalten</translation>
    </message>
    <message>
        <source>Log of the training</source>
        <translation>Protokoll des Trainings</translation>
    </message>
    <message>
        <source>The log of the training appears here.</source>
        <translation>Hier erscheint das Protokoll des Trainings.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Beginnt…</translation>
    </message>
    <message>
        <source>No training yet</source>
        <translation>Noch kein Training</translation>
    </message>
    <message>
        <source>Crashed</source>
        <translation>Abgestürzt</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>Vorbereitung</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Wird angehalten…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>phase %1</source>
        <translation>Phase %1</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>%1 steps/s</source>
        <translation>%1 Schritte/s</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training starten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>The training process ended unexpectedly. See the log.</source>
        <translation>Der Trainingsprozess endete unerwartet. Siehe Protokoll.</translation>
    </message>
    <message>
        <source>Watched run</source>
        <translation>Beobachteter Lauf</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>Unreadable lines of metrics.jsonl, missing from the curves: %1</source>
        <translation>Unlesbare Zeilen in metrics.jsonl, die in den Kurven fehlen: %1</translation>
    </message>
    <message>
        <source>This run has no CAMs of the open scene. Load its networks to predict it.</source>
        <translation>Dieser Lauf hat keine CAMs der offenen Szene. Laden Sie seine Netze, um sie vorherzusagen.</translation>
    </message>
    <message>
        <source>Weights…</source>
        <translation>Gewichte…</translation>
    </message>
    <message>
        <source>Pretrained weights</source>
        <translation>Vortrainierte Gewichte</translation>
    </message>
    <message>
        <source>Download image networks pretrained on ImageNet</source>
        <translation>Auf ImageNet vortrainierte Bildnetze laden</translation>
    </message>
</context>
<context>
    <name>tagscape::WarningPanel</name>
    <message>
        <source>Warnings about the scene</source>
        <translation>Warnungen zur Szene</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>tagscape::WeightsDialog</name>
    <message>
        <source>not downloaded</source>
        <translation>nicht heruntergeladen</translation>
    </message>
    <message>
        <source>downloaded</source>
        <translation>geladen</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>Pretrained weights</source>
        <translation>Vortrainierte Gewichte</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Fortschritt des Herunterladens</translation>
    </message>
    <message>
        <source>%1: %2 MB, %3</source>
        <translation>%1: %2 MB, %3</translation>
    </message>
    <message>
        <source>Trained on %1 by %2</source>
        <translation>Trainiert auf %1 von %2</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Download %1</source>
        <translation>%1 herunterladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>downloading…</source>
        <translation>wird heruntergeladen…</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>Gespeichert als %1.</translation>
    </message>
    <message>
        <source>The download was cancelled. Nothing was kept.</source>
        <translation>Das Herunterladen wurde abgebrochen. Nichts wurde behalten.</translation>
    </message>
    <message>
        <source>Image networks trained on ImageNet improve the labels of real scans. Their weights are downloaded by pip, only when you ask for it, and kept in %1.</source>
        <translation>Bildnetze, die auf ImageNet trainiert wurden, verbessern die Labels echter Scans. Ihre Gewichte lädt pip herunter, nur wenn Sie es verlangen; sie liegen dann in %1.</translation>
    </message>
</context>
</TS>
